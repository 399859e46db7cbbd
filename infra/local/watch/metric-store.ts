import {
  keyOf,
  merged,
  PERIOD_MS,
  single,
  statisticOf,
  type MetricId,
  type Statistic,
  type StatisticSet,
} from './metric.ts';

/** How long values are kept, by the local clock: the longest window of an alarm, three times. */
export const KEPT_MS = 180 * PERIOD_MS;
/** Beyond these no further metric is kept: somebody makes dimensions of what has no end, such as ids. */
const MOST_METRICS = 2_000;

/** Takes a value of a metric: what the parts of the run tell of themselves. */
export type RecordMetric = (metric: MetricId, value: number) => void;

interface Series {
  readonly metric: MetricId;
  /** By the start of the minute, in milliseconds since the epoch. */
  readonly minutes: Map<number, StatisticSet>;
}

const minuteOf = (at: number): number => Math.floor(at / PERIOD_MS) * PERIOD_MS;

/** The metrics of this run, in periods of a minute, for three hours, in memory. */
export class MetricStore {
  readonly #clock: { now(): number };
  readonly #warn: (text: string) => void;
  readonly #series = new Map<string, Series>();
  #isFull = false;

  constructor(clock: { now(): number }, warn: (text: string) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  readonly record: RecordMetric = (metric, value) => this.add(metric, single(value), this.#clock.now());

  /** Adds values of the minute that `at` (milliseconds since the epoch) lies in. */
  add(metric: MetricId, values: StatisticSet, at: number): void {
    const key = keyOf(metric);
    const series = this.#series.get(key) ?? this.#opened(key, metric);
    if (series === undefined) return;
    const minute = minuteOf(at);
    const before = series.minutes.get(minute);
    series.minutes.set(minute, before === undefined ? values : merged(before, values));
  }

  /** As `add`, but a later value of the same minute takes the earlier one's place: what is looked at again, not counted. */
  observe(metric: MetricId, value: number, at: number): void {
    const key = keyOf(metric);
    const series = this.#series.get(key) ?? this.#opened(key, metric);
    series?.minutes.set(minuteOf(at), single(value));
  }

  /** The statistic over all minutes from `from` until before `to`; undefined when there is no value. */
  value(metric: MetricId, statistic: Statistic, from: number, to: number): number | undefined {
    const minutes = this.#series.get(keyOf(metric))?.minutes;
    if (minutes === undefined) return undefined;
    let all: StatisticSet | undefined;
    for (let minute = minuteOf(from + PERIOD_MS - 1); minute < to; minute += PERIOD_MS) {
      const values = minutes.get(minute);
      if (values !== undefined) all = all === undefined ? values : merged(all, values);
    }
    return all === undefined ? undefined : statisticOf(all, statistic);
  }

  metrics(): readonly MetricId[] {
    return [...this.#series.values()].map(({ metric }) => metric);
  }

  /** Lets go of what is older than three hours before `now`. */
  forget(now: number): void {
    for (const [key, { minutes }] of this.#series) {
      for (const minute of minutes.keys()) if (minute < now - KEPT_MS) minutes.delete(minute);
      if (minutes.size === 0) this.#series.delete(key);
    }
  }

  #opened(key: string, metric: MetricId): Series | undefined {
    if (this.#series.size >= MOST_METRICS) {
      if (!this.#isFull)
        this.#warn(`more than ${String(MOST_METRICS)} metrics: ${key} and what else is new are not kept`);
      this.#isFull = true;
      return undefined;
    }
    const series = { metric, minutes: new Map<number, StatisticSet>() };
    this.#series.set(key, series);
    return series;
  }
}
