//! The program's entry: everything is in the library, so that nothing is written twice.

// A release on Windows opens no console window beside the program's own.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    proteacher_desktop::run();
}
