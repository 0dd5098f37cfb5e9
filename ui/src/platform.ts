// The only door to the system: commands of the program, file dialogs, dropped files, the closing window. Outside Tauri, while
// developing, stand-ins answer instead; they are not part of a build. No rule and no word a person reads lives here.

import { invoke, isTauri } from "@tauri-apps/api/core";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { getCurrentWindow } from "@tauri-apps/api/window";
import { open, save } from "@tauri-apps/plugin-dialog";
import { openPath as openWithSystem } from "@tauri-apps/plugin-opener";
import type { Rpc } from "./gen/rpc";
import type { Failure } from "./gen/types";

/** What a person can choose in a file dialog for a scan. */
const SCANS = ["pdf", "jpg", "jpeg", "png"];
/** And for a list. */
const LISTS = ["xlsx", "csv"];

const here = isTauri();

async function call(name: string, request: unknown): Promise<unknown> {
  if (import.meta.env.DEV && !here) {
    const { answer } = await import("./fakes/rpc");
    return answer(name, request);
  }
  try {
    return await invoke("rpc", { name, request });
  } catch (error) {
    throw asFailure(error);
  }
}

/** Every command of the program; refused calls reject with a {@link Failure}. */
export const rpc = new Proxy({} as Rpc, {
  get: (_, name) => (request: unknown) => call(String(name), request),
});

/** Whatever was thrown, as a refusal that has a sentence. */
export function asFailure(error: unknown): Failure {
  if (typeof error === "object" && error !== null && "code" in error) {
    const { code, params, message } = error as Failure;
    return { code, params: params ?? {}, message: message ?? "" };
  }
  return { code: "internal", params: {}, message: String(error) };
}

/** Files chosen for a scan, in the dialog's order; empty when the person thinks better of it. */
export async function pickFiles(title: string): Promise<string[]> {
  if (!here) return import.meta.env.DEV ? ["/home/me/scan-001.jpg", "/home/me/scan-002.jpg"] : [];
  const chosen = await open({ multiple: true, title, filters: [{ name: "PDF, JPEG, PNG", extensions: SCANS }] });
  return chosen ?? [];
}

/** A list chosen for an import; none when the person thinks better of it. */
export async function pickList(title: string): Promise<string | null> {
  if (!here) return import.meta.env.DEV ? "/home/me/文件/研習時數.xlsx" : null;
  return open({ multiple: false, title, filters: [{ name: "Excel, CSV", extensions: LISTS }] });
}

/** Where to write a file; none when the person thinks better of it. */
export async function pickSavePath(title: string, defaultName: string): Promise<string | null> {
  const name = fileName(defaultName);
  if (!here) return import.meta.env.DEV ? `/home/me/文件/${name}` : null;
  const ending = name.slice(name.lastIndexOf(".") + 1);
  return save({ title, defaultPath: name, filters: [{ name: ending.toUpperCase(), extensions: [ending] }] });
}

/** Words as a file's name: no system takes these signs, and one of them would lead into another folder. */
export function fileName(words: string): string {
  return words.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, "_");
}

/** Opens a printed PDF with the system's program for it. */
export async function openPath(path: string): Promise<void> {
  if (here) await openWithSystem(path);
}

/** Files dragged over and dropped on the window. Returns what ends it. */
export function onFilesDropped(heard: (event: { over: boolean; paths: string[] }) => void): () => void {
  if (!here) return () => {};
  const ended = getCurrentWebview().onDragDropEvent(({ payload }) => {
    heard({ over: payload.type === "enter" || payload.type === "over", paths: payload.type === "drop" ? payload.paths : [] });
  });
  return () => void ended.then((end) => end());
}

/** Does `last` before the window closes, so that nothing typed is lost. While it answers no, the window stays. */
export function onClose(last: () => Promise<boolean>): void {
  if (here) {
    const frame = getCurrentWindow();
    void frame.onCloseRequested(async (event) => {
      event.preventDefault();
      if (await last()) await frame.destroy();
    });
  } else {
    window.addEventListener("pagehide", () => void last());
  }
}

/** The window's title as the system shows it. */
export function setTitle(title: string): void {
  document.title = title;
  if (here) void getCurrentWindow().setTitle(title);
}
