import type { MailContent, MilestoneMark } from './content.ts';

const BAR_WIDTH = 20;

const marks: Readonly<Record<MilestoneMark, string>> = {
  new: '[x]',
  reached: '[x]',
  lost: '[ ]',
  open: '[ ]',
};
const remarks: Readonly<Record<MilestoneMark, string>> = {
  new: ' (new)',
  reached: '',
  lost: ' (lost again)',
  open: '',
};

const bar = (filled: number): string => {
  const full = Math.floor((filled / 100) * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}]`;
};

/** The mail's text part, with all that the HTML says. */
export const textOf = (content: MailContent): string => {
  const { direction, milestones, movers, pace } = content;
  return [
    content.goalName,
    content.about,
    '',
    content.headline,
    '',
    `${content.value} of ${content.target}  ${bar(content.filled)}  ${content.percent}`,
    milestones.map(({ label, mark }) => `${marks[mark]} ${label}${remarks[mark]}`).join('   '),
    '',
    `${pace.label}: ${pace.sentence}`,
    ...(movers.length === 0
      ? []
      : [
          '',
          direction === 'reached' ? 'What moved it' : 'What took it back',
          ...movers.map(({ name, what, amount }) => `- ${name} (${what})${amount && `  ${amount}`}`),
        ]),
    '',
    `See the goal: ${content.link}`,
    '',
    '--',
    content.why,
    `${content.organization} · Reference ${content.reference}`,
    '',
  ].join('\n');
};
