// Periods of civil days in Shanghai, both ends included, as the API wants them: 2020-01-01.

const pad = (number, length = 2) => String(number).padStart(length, "0");
const daysIn = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();

export function today() {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(new Date());
}

/** An instant of the API as a reader's clock in Shanghai shows it, to the minute. */
export function clockTime(instant, language) {
  const fields = { timeZone: "Asia/Shanghai", dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", fields).format(new Date(instant));
}

export const yearOf = (year) => ({ span: "own", from: `${pad(year, 4)}-01-01`, to: `${pad(year, 4)}-12-31` });

/** The period of a choice. What still runs ends today, so that the same days of the year before are compared. */
export function periodOf(span, own) {
  const now = today();
  if (span === "year") return { span, from: `${now.slice(0, 4)}-01-01`, to: now };
  if (span === "last-year") return { ...yearOf(Number(now.slice(0, 4)) - 1), span };
  if (span === "month") return { span, from: `${now.slice(0, 7)}-01`, to: now };
  return { ...own, span: "own" };
}

/** The same days a year earlier; 29 February becomes the 28th, and a month's last day its last day. */
export function yearBefore({ from, to }) {
  const shifted = (day, isEnd) => {
    const [year, month, date] = day.split("-").map(Number);
    const last = daysIn(year - 1, month);
    const isLast = isEnd && date === daysIn(year, month);
    return `${pad(year - 1, 4)}-${pad(month)}-${pad(isLast ? last : Math.min(date, last))}`;
  };
  return { from: shifted(from, false), to: shifted(to, true) };
}

export const isInOrder = ({ from, to }) => Boolean(from && to && from <= to);
export const isWholeYear = ({ from, to }) => from.endsWith("-01-01") && to === `${from.slice(0, 4)}-12-31`;

/** "3月", "Mar"; with the year where the period touches several. */
export function monthName(month, language, isOneYear) {
  const [year, number] = month.split("-").map(Number);
  if (!isOneYear) return month;
  return new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" }).format(new Date(Date.UTC(year, number - 1, 1)));
}
