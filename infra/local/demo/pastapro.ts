/**
 * PastaPro, a pasta wholesaler: who sells, what, to whom, and what happens in a quarter. All of it is generated from
 * a fixed seed, so that every demo plays the same quarter.
 */

/** Mulberry32 (Tommy Ettinger, public domain): small, and the same on every machine. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export const teams = [
  { name: 'East', manager: 'Giulia Conti', territory: 'East Coast' },
  { name: 'West', manager: 'Tom Becker', territory: 'West Coast' },
] as const;
export type TeamName = (typeof teams)[number]['name'];

export const reps: readonly { readonly name: string; readonly team: TeamName }[] = [
  { name: 'Marco Bruno', team: 'East' },
  { name: 'Aisha Rahman', team: 'East' },
  { name: 'Lena Hoffmann', team: 'East' },
  { name: 'Diego Alvarez', team: 'West' },
  { name: 'Mei Tanaka', team: 'West' },
  { name: 'Noah Clarke', team: 'West' },
];

export const emailOf = (name: string) => `${name.toLowerCase().replaceAll(' ', '.')}@pastapro.example`;

const csv = (rows: readonly (readonly string[])[]) => `${rows.map((row) => row.join(',')).join('\n')}\n`;

export const membersCsv = (): string =>
  csv([
    ['name', 'email', 'team', 'territory', 'manager', 'role', 'started'],
    ...teams.map(({ name, manager, territory }) => [
      manager,
      emailOf(manager),
      name,
      territory,
      manager,
      'manager',
      '2023-01-09',
    ]),
    ...reps.map(({ name, team }) => {
      const { manager, territory } = teams.find((each) => each.name === team) ?? teams[0];
      return [name, emailOf(name), team, territory, manager, 'rep', '2024-03-04'];
    }),
  ]);

/** List prices of a case, in cents. */
export const products = [
  { sku: 'PEN-24', name: 'Penne rigate, 24 × 500 g', category: 'Dried', price: 4_320 },
  { sku: 'FUS-24', name: 'Fusilli, 24 × 500 g', category: 'Dried', price: 4_320 },
  { sku: 'TAG-12', name: 'Egg tagliatelle, 12 × 250 g', category: 'Egg', price: 3_960 },
  { sku: 'LAS-12', name: 'Lasagne sheets, 12 × 500 g', category: 'Egg', price: 4_680 },
  { sku: 'RAV-08', name: 'Ravioli ricotta, 8 × 1 kg', category: 'Fresh', price: 8_900 },
  { sku: 'GLF-12', name: 'Gluten-free fusilli, 12 × 400 g', category: 'Free from', price: 5_400 },
] as const;

const kinds = ['Trattoria', 'Osteria', 'Bistro', 'Hotel', 'Market', 'Catering'] as const;
const names = ['Roma', 'Bella', 'Luna', 'Verde', 'Aurora', 'Ponte', 'Sole', 'Fontana'] as const;
const industries: Readonly<Record<(typeof kinds)[number], string>> = {
  Trattoria: 'restaurants',
  Osteria: 'restaurants',
  Bistro: 'restaurants',
  Hotel: 'hospitality',
  Market: 'retail',
  Catering: 'catering',
};
export const accounts = kinds.flatMap((kind) =>
  names.map((name) => ({ name: `${kind} ${name}`, industry: industries[kind] })),
);

export const accountsCsv = (): string =>
  csv([['name', 'industry'], ...accounts.map(({ name, industry }) => [name, industry])]);

const pick = <T>(from: readonly [T, ...T[]] | readonly T[], random: () => number): T => {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new RangeError('nothing to pick from');
  return chosen;
};

const addDays = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The closed deals of the quarter before, as a CSV export of an older system: the baseline of the growth goal. */
export const historyCsv = (quarterStart: string): string => {
  const random = seededRandom(2026);
  const rows = Array.from({ length: 60 }, (_, index) => {
    const rep = pick(reps, random);
    const closedOn = addDays(quarterStart, -1 - Math.floor(random() * 88));
    const product = pick(products, random);
    const won = random() < 0.62;
    const cases = 20 + Math.floor(random() * 180);
    return [
      `H-${String(index + 1).padStart(4, '0')}`,
      rep.name,
      pick(accounts, random).name,
      product.sku,
      won ? 'Closed Won' : 'Closed Lost',
      addDays(closedOn, -14 - Math.floor(random() * 60)),
      closedOn,
      (cases * (product.price / 100)).toFixed(2),
    ];
  });
  return csv([['id', 'rep', 'account', 'sku', 'stage', 'started', 'closed', 'amount'], ...rows]);
};

export const stages = ['prospecting', 'qualification', 'presentation', 'negotiation', 'closing'] as const;

export interface PlannedDeal {
  readonly rep: string;
  readonly account: string;
  readonly sku: string;
  readonly cases: number;
  readonly startWeek: number;
  /** How many weeks each stage takes; the deal leaves the last stage at their sum. */
  readonly weeksInStage: readonly number[];
  readonly outcome: 'won' | 'lost' | 'open';
  readonly lostReason: 'price' | 'competitor' | 'timing';
}

/** The deals that are opened in the quarter: three in four are decided within it. */
export const plannedDeals = (): readonly PlannedDeal[] => {
  const random = seededRandom(7);
  return Array.from({ length: 72 }, () => {
    const won = random() < 0.66;
    const startWeek = Math.floor(random() * 12);
    const weeksInStage = stages.map(() => (random() < 0.5 ? 1 : 0));
    const weeks = weeksInStage.reduce<number>((sum, each) => sum + each, 0);
    return {
      rep: pick(reps, random).name,
      account: pick(accounts, random).name,
      sku: pick(products, random).sku,
      cases: 25 + Math.floor(random() * 220),
      startWeek,
      weeksInStage,
      outcome: startWeek + weeks >= 13 ? 'open' : won ? 'won' : 'lost',
      lostReason: pick(['price', 'competitor', 'timing'] as const, random),
    };
  });
};

export interface PlannedOrder {
  readonly week: number;
  readonly sku: string;
  readonly cases: number;
}

/** The orders of the web shop. */
export const plannedOrders = (): readonly PlannedOrder[] => {
  const random = seededRandom(11);
  return Array.from({ length: 26 }, (_, index) => ({
    week: Math.floor(index / 2),
    sku: pick(products, random).sku,
    cases: 1 + Math.floor(random() * 12),
  }));
};
