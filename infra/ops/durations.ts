const UNITS = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
] as const;

/** `3 d 4 h`, `12 min`, `45 s`: the two largest units. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const from = UNITS.findIndex((unit) => whole >= unit.seconds);
  const first = UNITS[from];
  if (first === undefined) return `${whole} s`;
  const second = UNITS[from + 1];
  const rest = second === undefined ? 0 : Math.floor((whole % first.seconds) / second.seconds);
  const text = `${Math.floor(whole / first.seconds)} ${first.name}`;
  return second === undefined || rest === 0 ? text : `${text} ${rest} ${second.name}`;
};
