//! What the stories beside this folder are told with: the words that drive a real window.
//!
//! Holds no test and no rule.

pub mod window;
