/** Revenue of at least `from` and less than `below`, in major units. */
export interface Band {
  readonly from: number;
  readonly below: number;
}

/** Revenues that belong to an area: those in one of the bands, and with `unknown` accounts that tell none. */
export interface BandSet {
  readonly unknown: boolean;
  /** Ascending, none of them empty. */
  readonly bands: readonly Band[];
}

/** Nobody's revenue is less than nothing. */
export const anyRevenue: BandSet = { unknown: true, bands: [{ from: 0, below: Infinity }] };

export const bandOf = ({
  from = 0,
  below = Infinity,
}: {
  readonly from?: number | undefined;
  readonly below?: number | undefined;
}): Band => ({ from, below });

const holds = ({ from, below }: Band, revenue: number): boolean => from <= revenue && revenue < below;

export const holdsRevenue = ({ unknown, bands }: BandSet, revenue: number | undefined): boolean =>
  revenue === undefined ? unknown : bands.some((band) => holds(band, revenue));

export const isNoRevenue = ({ unknown, bands }: BandSet): boolean => !unknown && bands.length === 0;

const notEmpty = ({ from, below }: Band): boolean => from < below;

/** The revenues of the set that lie in the band of a rule. */
export const bandedOf = ({ bands }: BandSet, band: Band): BandSet => ({
  unknown: false,
  bands: bands
    .map(({ from, below }) => ({ from: Math.max(from, band.from), below: Math.min(below, band.below) }))
    .filter(notEmpty),
});

/** The revenues of the set that do not. */
export const unbandedOf = ({ unknown, bands }: BandSet, band: Band): BandSet => ({
  unknown,
  bands: bands
    .flatMap(({ from, below }) => [
      { from, below: Math.min(below, band.from) },
      { from: Math.max(from, band.below), below },
    ])
    .filter(notEmpty),
});
