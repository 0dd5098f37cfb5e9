// From a problem or a place on the paper to the field it is about.

/** Brings a field into view and puts the cursor into it; a row that has gone leads to its table. */
export function jumpTo(path: string): void {
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const field = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(parts.slice(0, length).join("."))}"]`);
    if (field === null) continue;
    const control = field.querySelector<HTMLElement>("input:not([type=file]), select, textarea, button, [tabindex]");
    field.scrollIntoView({ block: "center" });
    (control ?? field).focus({ preventScroll: true });
    return;
  }
}
