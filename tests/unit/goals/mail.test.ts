import { describe, expect, it } from 'vitest';
import { htmlOf } from '../../../services/goals/mail/alert-mail.tsx';
import { contentOf } from '../../../services/goals/mail/content.ts';
import { textOf } from '../../../services/goals/mail/text.ts';
import type { Alert } from '../../../services/goals/domain/alert.ts';
import { alertFixture, mailContext } from './goal.fixture.ts';

const mail = (overrides: Partial<Alert> = {}) => {
  const content = contentOf(alertFixture(overrides), mailContext);
  return { content, html: htmlOf(content), text: textOf(content) };
};

describe('the subject', () => {
  it('says it all', () => {
    expect(mail().content.subject).toBe('Q4 pasta revenue: 75 % reached — $75,400 of $100,000');
    expect(mail({ milestones: [50, 75, 100], value: 12_500_050, percent: 125.0005 }).content.subject).toBe(
      'Q4 pasta revenue: 50, 75 and 100 % reached — $125,000.50 of $100,000',
    );
    expect(mail({ direction: 'reverted', value: null, percent: 0 }).content.subject).toBe(
      'Correction, Q4 pasta revenue: back below 75 % — no value of $100,000',
    );
  });

  it('stays one line, whatever a goal is called', () => {
    const { subject } = mail({ goalName: `Pasta\r\nBcc: all@example.com\n${'x'.repeat(200)}` }).content;
    expect(subject).not.toMatch(/[\r\n]/);
    expect(subject.length).toBeLessThan(140);
  });
});

describe('both parts of a mail', () => {
  it('hold the same figures', () => {
    const { html, text } = mail();
    for (const part of [html, text]) {
      for (const figure of [
        '$75,400',
        '$100,000',
        '75 %',
        'Marco Bruno · Won revenue · Q4 2026',
        'Ahead of pace',
        '58 % of the period has gone by',
        '$130,000',
        '$880 per business day',
        'Trattoria Roma, yearly supply',
        '+$12,500',
        '+$49.95',
        '−$200',
        'https://sales.pastapro.example/v1/goals/goal_',
        'You get this mail because you manage the owner of this goal.',
        '1-67e2f0aa-5b1d2c3e4f5a6b7c8d9e0f10',
      ]) {
        expect(part).toContain(figure);
      }
    }
  });

  it('name the cause of a reversal', () => {
    const { html, text } = mail({ direction: 'reverted' });
    for (const part of [html, text]) {
      expect(part).toContain('Correction: back below 75 % of the target');
      expect(part).toContain('What took it back');
      expect(part).toContain('deal refunded');
    }
  });

  it('write yen without decimals, ratios in percent', () => {
    const rate = mail({
      kpi: 'winRate',
      unit: 'ratio',
      currency: undefined,
      value: 0.523,
      target: 0.6,
      percent: 87.2,
    });
    expect(rate.text).toContain('52.3 % of 60 %');
    const yen = mail({ currency: 'JPY' as Alert['currency'], value: 75_400, target: 100_000 });
    expect(yen.text).toContain('¥75,400 of ¥100,000');
  });
});

describe('the HTML', () => {
  it('escapes what people typed', () => {
    const name = '<script>alert(1)</script> & "co"';
    const { html } = mail({
      goalName: name,
      movers: [{ kind: 'deal', id: 'd', name: '<img src=x onerror=y>', change: 'won', wonRevenue: 5 }],
    });
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;script>');
  });

  it('loads nothing from anywhere', () => {
    expect(mail().html).not.toMatch(/<(img|link|script|iframe)|url\(|@import/i);
  });

  it.each([
    [0, /width="100%"[^>]*background-color:#e4e8ee/],
    [250, /width="100%"[^>]*background-color:#1a7f4b/],
    [75.4, /width="75%"[^>]*background-color:#1a7f4b/],
  ])('draws %d percent as table cells', (percent, cell) => {
    expect(mail({ percent }).html).toMatch(cell);
  });
});
