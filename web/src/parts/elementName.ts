/**
 * The name of the list element that a JSON pointer leads into, such as "Early bird" for
 * `/tiers/0/unit_amount`; null if the pointer leads into none, or into one without a name.
 */
export function elementName(data: unknown, pointer: string): string | null {
  let value = data;
  let name: string | null = null;
  for (const step of pointer.split("/").slice(1)) {
    value = (value as Record<string, unknown> | null | undefined)?.[step];
    if (/^\d+$/.test(step)) name = (value as { name?: string } | undefined)?.name || null;
  }
  return name;
}
