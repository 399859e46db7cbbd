import { render } from 'preact-render-to-string';
import type { MailContent } from './content.ts';
import { Bar, Button, Milestones, Movers, Pace, Table } from './parts.tsx';
import { font, ink, muted, sheet, tones } from './styles.ts';

const Figures = ({ content }: { content: MailContent }) => (
  <Table>
    <tr>
      <td style="vertical-align:bottom;padding:0 12px 10px 0;">
        <span
          class="ink value"
          style={`${font}${ink}font-size:36px;line-height:42px;font-weight:700;white-space:nowrap;`}
        >
          {content.value}
        </span>{' '}
        <span class="muted" style={`${font}${muted}font-size:16px;line-height:24px;white-space:nowrap;`}>
          of {content.target}
        </span>
      </td>
      <td
        class={`tone-${content.direction}`}
        align="right"
        style={`${font}color:${tones[content.direction].fill};vertical-align:bottom;padding:0 0 10px;font-size:22px;line-height:30px;font-weight:700;white-space:nowrap;`}
      >
        {content.percent}
      </td>
    </tr>
  </Table>
);

const Space = ({ height }: { height: number }) => (
  <div style={`height:${height}px;line-height:${height}px;font-size:1px;`}>{'\u00a0'}</div>
);

const Card = ({ content }: { content: MailContent }) => (
  <>
    <p
      class={`tone-${content.direction}`}
      style={`${font}color:${tones[content.direction].fill};margin:0 0 6px;font-size:15px;line-height:21px;font-weight:700;`}
    >
      {content.headline}
    </p>
    <h1
      class="ink"
      style={`${font}${ink}margin:0 0 4px;font-size:22px;line-height:29px;font-weight:700;word-break:break-word;`}
    >
      {content.goalName}
    </h1>
    <p class="muted" style={`${font}${muted}margin:0;font-size:14px;line-height:20px;word-break:break-word;`}>
      {content.about}
    </p>
    <Space height={22} />
    <Figures content={content} />
    <Bar filled={content.filled} direction={content.direction} />
    <Space height={8} />
    <Milestones milestones={content.milestones} />
    <Space height={16} />
    <Pace pace={content.pace} />
    {content.movers.length > 0 && (
      <>
        <Space height={24} />
        <Movers movers={content.movers} direction={content.direction} />
      </>
    )}
    <Space height={24} />
    <Button href={content.link}>See the goal</Button>
  </>
);

const Footer = ({ why, organization, reference }: MailContent) => (
  <p class="muted" style={`${font}${muted}margin:0;font-size:12px;line-height:18px;word-break:break-word;`}>
    {why}
    <br />
    {organization} · Reference {reference}
  </p>
);

const Mail = ({ content }: { content: MailContent }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <title>{content.subject}</title>
      <style dangerouslySetInnerHTML={{ __html: sheet }} />
    </head>
    <body class="page" style="margin:0;padding:0;background-color:#f2f4f7;">
      {/* The line that inboxes show beside the subject. */}
      <div style="display:none;max-height:0;overflow:hidden;">
        {content.headline}. {content.pace.label}.
      </div>
      <table
        role="presentation"
        class="page"
        width="100%"
        cellPadding="0"
        cellSpacing="0"

        style="background-color:#f2f4f7;"
      >
        <tbody>
          <tr>
            <td align="center" style="padding:24px 10px;">
              <Table style="max-width:600px;">
                <tr>
                  <td
                    class="card"
                    style="background-color:#ffffff;border:1px solid #dde2e9;padding:28px 32px;text-align:left;"
                  >
                    <Card content={content} />
                  </td>
                </tr>
                <tr>
                  <td style="padding:16px 12px 0;text-align:left;">
                    <Footer {...content} />
                  </td>
                </tr>
              </Table>
            </td>
          </tr>
        </tbody>
      </table>
    </body>
  </html>
);

/** The mail's HTML part. Everything that people typed is escaped; nothing is loaded from anywhere. */
export const htmlOf = (content: MailContent): string =>
  `<!doctype html>${render(<Mail content={content} />)}`;
