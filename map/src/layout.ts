// Where each tool stands, from what it needs alone: lanes are modules, rows are steps of the longest way to a tool.

export interface Tool {
  readonly slug: string;
  readonly name: string;
  readonly module: { readonly number: number; readonly name: string };
  readonly prerequisites: readonly { readonly slug: string }[];
}

export interface Place {
  readonly slug: string;
  readonly lane: number;
  readonly row: number;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
}

export interface Layout<T extends Tool> {
  /** By module number, each with its tools from top to bottom. */
  readonly lanes: readonly { readonly number: number; readonly name: string; readonly tools: readonly T[] }[];
  readonly places: ReadonlyMap<string, Place>;
  readonly arrows: readonly Arrow[];
  readonly rows: number;
}

const SWEEPS = 4;

/** Any catalogue's map. A prerequisite that is no tool, and one that closes a circle, is no arrow. */
export function layoutOf<T extends Tool>(tools: readonly T[]): Layout<T> {
  const { ranks, arrows } = rankedFrom(tools);
  const modules = [...new Map(tools.map(({ module }) => [module.number, module])).values()];
  modules.sort((one, other) => one.number - other.number);
  const laneOf = new Map(modules.map(({ number }, lane) => [number, lane]));

  // layers[rank][lane]: the tools of one cell, which stand below each other.
  const layers: T[][][] = [];
  for (const tool of tools) {
    const layer = (layers[ranks.get(tool.slug)!] ??= modules.map(() => []));
    layer[laneOf.get(tool.module.number)!]!.push(tool);
  }
  untangle(layers, arrows);

  const places = new Map<string, Place>();
  let top = 0;
  for (const layer of layers) {
    layer.forEach((cell, lane) => cell.forEach(({ slug }, below) => places.set(slug, { slug, lane, row: top + below })));
    top += Math.max(...layer.map((cell) => cell.length));
  }
  const lanes = modules.map(({ number, name }, lane) => ({
    number,
    name,
    tools: layers.flatMap((layer) => layer[lane]!),
  }));
  return { lanes, places, arrows, rows: top };
}

/** The longest way to each tool from those that need nothing, counted in arrows. */
function rankedFrom(tools: readonly Tool[]): { ranks: Map<string, number>; arrows: Arrow[] } {
  const bySlug = new Map(tools.map((tool) => [tool.slug, tool]));
  const ranks = new Map<string, number>();
  const arrows: Arrow[] = [];
  const onTheWay = new Set<string>();

  function rank(tool: Tool): number {
    const known = ranks.get(tool.slug);
    if (known !== undefined) return known;
    onTheWay.add(tool.slug);
    let found = 0;
    for (const slug of new Set(tool.prerequisites.map((each) => each.slug))) {
      const before = bySlug.get(slug);
      if (!before || onTheWay.has(slug)) continue;
      found = Math.max(found, rank(before) + 1);
      arrows.push({ from: slug, to: tool.slug });
    }
    onTheWay.delete(tool.slug);
    ranks.set(tool.slug, found);
    return found;
  }
  tools.forEach(rank);
  return { ranks, arrows };
}

/** Order each cell by the mean place of its tools' neighbours, down and up in turns, so that fewer arrows cross. */
function untangle(layers: Tool[][][], arrows: readonly Arrow[]): void {
  const neighbours = new Map<string, string[]>();
  const near = (slug: string, other: string) => neighbours.set(slug, [...(neighbours.get(slug) ?? []), other]);
  for (const { from, to } of arrows) {
    near(from, to);
    near(to, from);
  }
  const position = new Map<string, number>();
  const number = (layer: Tool[][]) => layer.flat().forEach(({ slug }, index) => position.set(slug, index));
  layers.forEach(number);

  const mean = ({ slug }: Tool) => {
    const places = (neighbours.get(slug) ?? []).map((other) => position.get(other)!);
    return places.length ? places.reduce((sum, place) => sum + place, 0) / places.length : position.get(slug)!;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 ? layers.toReversed() : layers) {
      for (const cell of layer) {
        const means = new Map(cell.map((tool) => [tool, mean(tool)]));
        cell.sort((one, other) => means.get(one)! - means.get(other)!); // stable: what is equal stays as it is
      }
      number(layer);
    }
  }
}
