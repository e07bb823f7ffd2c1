// What of a tool has fallen behind, with the sources that have moved: values with the same ones together.
import type { ToolDetailFragment } from './graph';

export interface MovedSource {
  readonly id: string;
  readonly label: string;
  readonly tool: { readonly slug: string; readonly name: string };
  /** The version that was built on; null where that is not told. */
  readonly then: number | null;
  /** The version there is; null where the value is gone. */
  readonly now: number | null;
}

export interface Behind {
  /** The values; none for a tool that publishes none, whose answers as a whole have fallen behind. */
  readonly ids: readonly string[];
  readonly labels: readonly string[];
  readonly sources: readonly MovedSource[];
}

export function fallenBehind({ stale, fieldValues, dependencies }: ToolDetailFragment): Behind[] {
  const groups = new Map<string, { ids: string[]; labels: string[]; sources: MovedSource[] }>();
  for (const { id, label, stale: behind, provenance } of fieldValues) {
    if (!behind) continue;
    const sources = (provenance?.builtOn ?? []).flatMap(({ field, version, currentVersion, stale: moved }) =>
      moved ? [{ id: field.id, label: field.label, tool: field.tool, then: version, now: currentVersion }] : [],
    );
    const key = JSON.stringify(sources);
    const group = groups.get(key) ?? { ids: [], labels: [], sources };
    group.ids.push(id);
    group.labels.push(label);
    groups.set(key, group);
  }
  if (stale && !groups.size) {
    const moved = dependencies.filter((need) => need.stale);
    const sources = moved.map(({ fieldId, label, sourceTool, sourceVersion }) => {
      return { id: fieldId, label, tool: sourceTool, then: null, now: sourceVersion };
    });
    return [{ ids: [], labels: ['Its answers'], sources }];
  }
  return [...groups.values()];
}
