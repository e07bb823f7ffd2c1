// Versions that one person saved within some minutes are one piece of work.

export interface Version {
  readonly version: number;
  readonly at: string;
  readonly author: { readonly fullName: string } | null;
  readonly authorKind: string;
}

const PAUSE_MINUTES = 10;

/** The newest first, as they come. A pause, another author or a program begins another run. */
export function runsOf<T extends Version>(versions: readonly T[]): T[][] {
  const runs: T[][] = [];
  for (const version of versions) {
    const run = runs.at(-1);
    if (run && together(run.at(-1)!, version)) run.push(version);
    else runs.push([version]);
  }
  return runs;
}

function together(later: Version, earlier: Version): boolean {
  const minutes = (Date.parse(later.at) - Date.parse(earlier.at)) / 60_000;
  return (
    minutes <= PAUSE_MINUTES &&
    later.authorKind === earlier.authorKind &&
    later.author?.fullName === earlier.author?.fullName
  );
}
