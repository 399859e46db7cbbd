import type { ComponentChildren } from 'preact';
import type { MailContent, MilestoneMark } from './content.ts';
import { font, ink, muted, paceColours, tones } from './styles.ts';

/** A layout table: mail clients lay out nothing else reliably. */
export const Table = ({ children, style = '' }: { children: ComponentChildren; style?: string }) => (
  <table
    role="presentation"
    width="100%"
    cellPadding="0"
    cellSpacing="0"

    style={`border-collapse:collapse;${style}`}
  >
    <tbody>{children}</tbody>
  </table>
);

/** Two cells, full and empty, of which either may be missing. */
export const Bar = ({ filled, direction }: Pick<MailContent, 'filled' | 'direction'>) => {
  const cell = 'height:14px;line-height:14px;font-size:1px;';
  return (
    <Table style="table-layout:fixed;">
      <tr>
        {filled > 0 && (
          <td width={`${filled}%`} style={`${cell}background-color:${tones[direction].fill};`}>
            {'\u00a0'}
          </td>
        )}
        {filled < 100 && (
          <td class="rest" width={`${100 - filled}%`} style={`${cell}background-color:#e4e8ee;`}>
            {'\u00a0'}
          </td>
        )}
      </tr>
    </Table>
  );
};

const chipColours: Readonly<Record<MilestoneMark, string>> = {
  new: `background-color:${tones.reached.fill};border:1px solid ${tones.reached.fill};color:#ffffff;`,
  reached: `background-color:${tones.reached.pale};border:1px solid ${tones.reached.pale};color:${tones.reached.fill};`,
  lost: `background-color:${tones.reverted.pale};border:1px solid ${tones.reverted.fill};color:#8a3f06;`,
  open: 'background-color:#ffffff;border:1px solid #c9d0d9;color:#566172;',
};
const chipSigns: Readonly<Record<MilestoneMark, string>> = { new: '✓ ', reached: '✓ ', lost: '↓ ', open: '' };

export const Milestones = ({ milestones }: Pick<MailContent, 'milestones'>) => (
  <div style={`${font}font-size:13px;line-height:30px;`}>
    {milestones.map(({ label, mark }) => (
      <>
        <span
          class={mark}
          style={`${chipColours[mark]}display:inline-block;line-height:18px;padding:2px 9px;border-radius:12px;white-space:nowrap;font-weight:${mark === 'open' ? 400 : 600};`}
        >
          {chipSigns[mark]}
          {label}
        </span>{' '}
      </>
    ))}
  </div>
);

export const Pace = ({ pace: { status, label, sentence } }: Pick<MailContent, 'pace'>) => (
  <p class="ink" style={`${font}${ink}font-size:15px;line-height:23px;margin:0;`}>
    <strong class={`pace-${status ?? 'none'}`} style={`color:${paceColours[status ?? 'none']};`}>
      {label}.
    </strong>{' '}
    {sentence}
  </p>
);

export const Movers = ({ movers, direction }: Pick<MailContent, 'movers' | 'direction'>) => (
  <>
    <p class="muted" style={`${font}${muted}font-size:13px;line-height:18px;margin:0 0 4px;font-weight:600;`}>
      {direction === 'reached' ? 'What moved it' : 'What took it back'}
    </p>
    <Table>
      {movers.map(({ name, what, amount }) => (
        <tr>
          <td
            class="line"
            style="border-top:1px solid #e4e8ee;padding:9px 12px 9px 0;word-break:break-word;vertical-align:top;"
          >
            <span class="ink" style={`${font}${ink}font-size:15px;line-height:21px;`}>
              {name}
            </span>
            <br />
            <span class="muted" style={`${font}${muted}font-size:13px;line-height:18px;`}>
              {what}
            </span>
          </td>
          <td
            class="ink line"
            align="right"
            style={`${font}${ink}border-top:1px solid #e4e8ee;padding:9px 0;font-size:15px;line-height:21px;white-space:nowrap;vertical-align:top;font-weight:600;`}
          >
            {amount}
          </td>
        </tr>
      ))}
    </Table>
  </>
);

export const Button = ({ href, children }: { href: string; children: ComponentChildren }) => (
  <table role="presentation" cellPadding="0" cellSpacing="0">
    <tbody>
      <tr>
        <td style="background-color:#1f4fd8;border-radius:6px;">
          <a
            href={href}
            style={`${font}display:inline-block;padding:11px 20px;font-size:15px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;`}
          >
            {children}
          </a>
        </td>
      </tr>
    </tbody>
  </table>
);
