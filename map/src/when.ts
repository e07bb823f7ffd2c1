// Times for people.
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export const when = (time: string): string => FULL.format(new Date(time));
