import { describe, expect, it } from 'vitest';
import { Unprocessable } from '../../../../shared/errors/errors.ts';
import { derivedId, PipelineId } from '../../../../shared/ids/id.ts';
import { edit } from '../../../../services/deals/domain/deal-edits.ts';
import { moveStage, reopen, win } from '../../../../services/deals/domain/deal-steps.ts';
import { forecastCategoryOf, withForecast } from '../../../../services/deals/domain/forecast.ts';
import { assertCriteria, criteriaFor } from '../../../../services/deals/domain/leaving-stage.ts';
import { defaultPipeline, type Pipeline, presentStage } from '../../../../services/deals/domain/pipeline.ts';
import { editedPipeline } from '../../../../services/deals/domain/pipeline-edits.ts';
import { broughtTo } from '../../../../services/deals/domain/pipeline-migration.ts';
import { isRotting, lastMovement, moved } from '../../../../services/deals/domain/rotting.ts';
import { MAX_SLIPS, type SlipHistory, slipped } from '../../../../services/deals/domain/slips.ts';
import { at, day, NOW, openDeal } from '../deals.fixture.ts';

const LATER = at('2026-12-01T00:00:00Z');

describe('the expected close', () => {
  const put = (deal: ReturnType<typeof openDeal>, expectedCloseOn: string | null) =>
    edit(
      deal,
      { expectedCloseOn: expectedCloseOn === null ? null : day(expectedCloseOn) },
      { now: NOW, pipeline: defaultPipeline },
    );

  it('slips by each day that it is put off, and takes no slip back when it is earlier again', () => {
    const first = put(openDeal(), '2026-12-01');
    expect(first).not.toHaveProperty('slips');
    const twice = put(put(put(first, '2026-12-11'), '2026-12-05'), '2026-12-08');
    expect(twice).toMatchObject({
      slipCount: 2,
      slipDays: 13,
      slips: [
        { from: '2026-12-01', to: '2026-12-11', at: NOW },
        { from: '2026-12-05', to: '2026-12-08', at: NOW },
      ],
    });
  });

  it('slips by the day that it was last expected on, where that was emptied in between', () => {
    const emptied = put(put(openDeal(), '2026-12-01'), null);
    expect(emptied).not.toHaveProperty('slips');
    const again = put(put(emptied, null), '2026-12-11');
    expect(again).toMatchObject({
      slipCount: 1,
      slipDays: 10,
      slips: [{ from: '2026-12-01', to: '2026-12-11' }],
    });
    expect(again.closeBefore).toBeUndefined();
    expect(put(emptied, '2026-11-30').slipCount).toBeUndefined();
    expect(put(put(put(emptied, '2026-11-30'), null), '2026-12-02').slipDays).toBe(2);
  });

  it('keeps its first slip and its latest ones, and counts them all', () => {
    let history: SlipHistory = {};
    for (let each = 0; each < MAX_SLIPS + 10; each += 1) {
      const from = day(`2026-${String(1 + (each % 12)).padStart(2, '0')}-01`);
      const to = day(`${from.slice(0, 8)}02`);
      history = { ...history, ...slipped(history, { from, to, at: NOW }) };
    }
    expect(history).toMatchObject({ slipCount: MAX_SLIPS + 10, slipDays: MAX_SLIPS + 10 });
    expect(history.slips).toHaveLength(MAX_SLIPS);
    expect(history.slips?.[0]).toMatchObject({ from: '2026-01-01' });
  });
});

describe('rotting', () => {
  it('counts from the last movement: the stage, a next step, an activity; nothing else, and nothing twice', () => {
    const deal = openDeal();
    const entered = lastMovement(deal);
    expect(lastMovement(edit(deal, { source: 'fair' }, { now: NOW, pipeline: defaultPipeline }))).toBe(
      entered,
    );
    expect(lastMovement(edit(deal, { nextStep: 'Call' }, { now: NOW, pipeline: defaultPipeline }))).toBe(NOW);
    expect(
      lastMovement(edit(deal, { nextStepOn: day('2026-12-01') }, { now: NOW, pipeline: defaultPipeline })),
    ).toBe(NOW);
    const planned = edit(deal, { nextStep: 'Call' }, { now: NOW, pipeline: defaultPipeline });
    expect(lastMovement(edit(planned, { nextStep: 'Call' }, { now: LATER, pipeline: defaultPipeline }))).toBe(
      NOW,
    );
    expect(lastMovement(edit(planned, { nextStep: null }, { now: LATER, pipeline: defaultPipeline }))).toBe(
      NOW,
    );
    expect(moved(planned, entered)).toBe(planned);
    expect(lastMovement(moveStage(planned, 'closing', LATER, defaultPipeline))).toBe(LATER);
  });

  it('begins after the days of the stage', () => {
    const deal = moveStage(openDeal(), 'closing', at('2026-11-01T00:00:00Z'), defaultPipeline);
    expect(isRotting(deal, defaultPipeline, at('2026-11-15T00:00:00Z'))).toBe(false);
    expect(isRotting(deal, defaultPipeline, at('2026-11-15T00:00:00.001Z'))).toBe(true);
  });
});

describe('the forecast', () => {
  it('keeps what deals had before sources were kept as set by hand', () => {
    const { probabilitySource: _a, forecastCategorySource: _b, forecastCategory: _c, ...old } = openDeal();
    const deal = withForecast({ ...old, probability: 0.33 }, defaultPipeline);
    expect(deal).toMatchObject({
      probability: 0.33,
      probabilitySource: 'hand',
      forecastCategory: 'bestCase',
      forecastCategorySource: 'stage',
    });
  });

  it('of a closed deal follows from how it was closed', () => {
    const won = win(openDeal(), { at: NOW, now: NOW });
    expect([forecastCategoryOf(won), forecastCategoryOf({ ...won, status: 'lost' })]).toEqual([
      'closed',
      'omitted',
    ]);
  });
});

describe('exit criteria', () => {
  const pipeline: Pipeline = {
    ...defaultPipeline,
    stages: defaultPipeline.stages.map((stage) => ({
      ...stage,
      exitCriteria: stage.key === 'prospecting' ? [{ kind: 'activity', activity: 'demo' }] : [],
    })),
  };
  const deal = openDeal({ stage: 'prospecting' });
  const to = (stage: string) => criteriaFor(deal, pipeline, { to: 'stage', pipeline, stage });

  it('are those of each stage that is passed over as well, all named at once with their stage', () => {
    const stages = pipeline.stages.map((stage) =>
      stage.key === 'negotiation' || stage.key === 'closing'
        ? { ...stage, exitCriteria: [{ kind: 'field', field: 'nextStep' } as const] }
        : stage,
    );
    const strict = { ...pipeline, stages };
    const refusal = (going: Parameters<typeof criteriaFor>[2]) => {
      try {
        assertCriteria(deal, criteriaFor(deal, strict, going), { activities: new Set(), path: '/stage' });
      } catch (error) {
        return error instanceof Unprocessable ? error.errors?.map(({ message }) => message) : error;
      }
      return undefined;
    };
    const demo = 'to leave “prospecting”, the deal needs an activity of the kind demo';
    const step = (stage: string) => `to leave “${stage}”, the deal needs nextStep`;
    expect(refusal({ to: 'stage', pipeline: strict, stage: 'negotiation' })).toEqual([demo]);
    expect(refusal({ to: 'stage', pipeline: strict, stage: 'closing' })).toEqual([demo, step('negotiation')]);
    expect(refusal({ to: 'won' })).toEqual([demo, step('negotiation'), step('closing')]);
    const other = { ...strict, id: derivedId(PipelineId, 'other') };
    expect(refusal({ to: 'stage', pipeline: other, stage: 'closing' })).toEqual([demo]);
  });

  it('are those of the stage that is left, going forward or to the win', () => {
    expect(to('closing')).toHaveLength(1);
    expect(criteriaFor(deal, pipeline, { to: 'won' })).toHaveLength(1);
    expect(to('prospecting')).toEqual([]);
    const later = { ...deal, stage: 'closing' };
    expect(criteriaFor(later, pipeline, { to: 'stage', pipeline, stage: 'prospecting' })).toEqual([]);
  });

  it('are met by an activity of the kind', () => {
    const check = (kinds: string[]) => () =>
      assertCriteria(deal, to('closing'), { activities: new Set(kinds), path: '/stage' });
    expect(check(['call'])).toThrow('does not meet');
    expect(check(['call', 'demo'])).not.toThrow();
  });
});

describe('a stage that there is no more', () => {
  const without = (pipeline: Pipeline, key: string, to?: string) =>
    editedPipeline(
      pipeline,
      { stages: pipeline.stages.filter((stage) => stage.key !== key) },
      to === undefined ? {} : { [key]: to },
    );

  it('is what became of it, however often that changed, and the first one where nobody said', () => {
    const once = without(defaultPipeline, 'presentation', 'negotiation');
    const twice = without(once, 'negotiation', 'closing');
    expect(presentStage(twice, 'presentation')).toBe('closing');
    expect(presentStage(without(twice, 'qualification'), 'qualification')).toBe('prospecting');
    expect(presentStage(twice, '__proto__')).toBe('prospecting');
  });

  it('is itself again once it is back', () => {
    const gone = without(defaultPipeline, 'presentation', 'negotiation');
    const back = editedPipeline(gone, { stages: defaultPipeline.stages }, {});
    expect(presentStage(back, 'presentation')).toBe('presentation');
    expect(back.formerStages).toEqual({});
  });

  it('sends open deals on, once, and closed ones when they are reopened', () => {
    const gone = without(defaultPipeline, 'negotiation', 'closing');
    const there = broughtTo(openDeal(), gone, NOW);
    expect(there).toMatchObject({ stage: 'closing', probability: 0.9, stageEnteredAt: NOW });
    expect(broughtTo(there, gone, LATER)).toBe(there);
    const won = win(openDeal(), { at: NOW, now: NOW });
    expect(broughtTo(won, gone, NOW)).toBe(won);
    expect(reopen(won, { reason: 'x', now: NOW, pipeline: gone })).toMatchObject({ stage: 'closing' });
  });
});
