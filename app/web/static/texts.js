// Every word of the page in Chinese and English; words for codes come from the codebook instead.

const REMEMBERED = "tiaojie.language";

const TEXTS = {
  account: ["账号与语言", "Account and language"],
  after: ["下一页", "Next"],
  asOf: ["截至 {0}", "As of {0}"],
  asked: ["地区和统计期", "Place and period"],
  atPlaceItself: ["{0}本级", "{0} itself"],
  before: ["上一页", "Previous"],
  cases: ["件", "cases"],
  casesCount: ["共 {0} 件，第 {1}–{2} 件", "{0} cases, {1}–{2} shown"],
  caseNumber: ["案号", "Number"],
  category: ["纠纷类别", "Category"],
  categoryTitle: ["按纠纷类别", "By category"],
  charts: ["图表", "Charts"],
  close: ["关闭", "Close"],
  closedOn: ["办结日期", "Closed on"],
  csv: ["CSV 表格", "CSV"],
  csvOf: ["下载“{0}”的 CSV 表格", "Download “{0}” as CSV"],
  empty: ["{0}在 {1} 没有案件。", "{0} has no cases in {1}."],
  forbidden: ["您的岗位看不到统计数字。", "Your role does not see figures."],
  from: ["自", "From"],
  keyFigures: ["主要指标", "Key figures"],
  language: ["English", "中文"],
  lastYear: ["去年", "Last year"],
  loaded: ["已显示{0}的统计数字", "Figures of {0} are shown"],
  loading: ["正在读取……", "Loading…"],
  meanings: ["指标口径", "What the figures mean"],
  method: ["调解方式", "Method"],
  methodTitle: ["按调解方式", "By method"],
  month: ["月份", "Month"],
  noCases: ["没有案件。", "No cases."],
  noRateBefore: ["上年同期无此比率", "No such rate a year before"],
  noneYet: ["尚未开始调解", "No round yet"],
  noYearBefore: ["上年同期无案件", "No cases a year before"],
  notReached: ["连接不到服务，请检查网络后重试。", "The service cannot be reached: check the network and try again."],
  openCases: ["{0}：{1}，查看案件", "{0}: {1}, show the cases"],
  others: ["未成功或未办结", "Not, or not yet"],
  overdue: ["逾期", "Overdue"],
  overdueHint: ["目前有期限已过的案件", "Cases with a deadline that has passed"],
  ownDates: ["自选日期", "Own dates"],
  password: ["密码", "Password"],
  period: ["统计期", "Period"],
  place: ["地区", "Place"],
  placeTitle: ["按地区", "By place"],
  png: ["PNG 图片", "PNG"],
  pngOf: ["下载“{0}”的 PNG 图片", "Download “{0}” as PNG"],
  points: ["{0} 个百分点", "{0} points"],
  print: ["打印", "Print"],
  receivedOn: ["受理日期", "Received on"],
  reversed: ["起始日期晚于截止日期。", "The period ends before it begins."],
  show: ["查看", "Show"],
  showTable: ["数据表", "Table"],
  showYear: ["查看 {0} 年", "Show {0}"],
  signIn: ["登录", "Sign in"],
  signInAgain: ["登录已失效，请重新登录。", "Your session has ended: sign in again."],
  signInHint: ["使用本登记簿的账号。登录只在本标签页有效，关闭即失效。", "With an account of this register. The session ends when this tab is closed."],
  signOut: ["退出", "Sign out"],
  skip: ["跳到主要内容", "Skip to the content"],
  status: ["状态", "Status"],
  succeeded: ["调解成功", "Succeeded"],
  thisMonth: ["本月", "This month"],
  thisYear: ["今年", "This year"],
  title: ["调解工作看板", "Mediation dashboard"],
  to: ["至", "To"],
  topOnly: ["图中为前 {0} 项，其余见数据表", "The chart shows the first {0}; all stand in the table"],
  trendTitle: ["逐月趋势", "By month"],
  tryAgain: ["重试", "Try again"],
  username: ["用户名", "Username"],
  what: ["事由", "Matter"],
  yearAlone: ["{0} 年", "{0}"],
  yearBefore: ["较上年同期 {0}（{1}）", "{0} on a year before ({1})"],
};

let spoken = localStorage.getItem(REMEMBERED) === "en" ? "en" : "zh";

export const language = () => spoken;

export function say(key, ...facts) {
  const text = TEXTS[key][spoken === "zh" ? 0 : 1];
  return text.replace(/\{(\d)\}/g, (_, position) => facts[position]);
}

export function speak(chosen) {
  spoken = chosen;
  localStorage.setItem(REMEMBERED, chosen);
}

/** The texts that stand in the page itself: `data-text` its content, `data-label` its name for screen readers. */
export function translatePage() {
  document.documentElement.lang = spoken === "zh" ? "zh-CN" : "en";
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
}
