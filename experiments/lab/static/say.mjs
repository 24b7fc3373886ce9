// Say things in the reader's language: texts of the catalogues, labels of the payload, numbers and months.

let catalogues = { en: {}, de: {} };
let language = "en";

/** Take the catalogues, by language. */
export function useTexts(given) {
  catalogues = given;
}

/** Speak a language from now on. */
export function speak(chosen) {
  language = chosen in catalogues ? chosen : "en";
}

/** The language that is spoken. */
export function spoken() {
  return language;
}

/** The languages that there are. */
export function languages() {
  return Object.keys(catalogues);
}

/** A text of the catalogue, with {places} filled in; a text with a `.one` form takes it where `n` is 1. */
export function t(key, values = {}) {
  const texts = catalogues[language];
  const own = values.n === 1 && `${key}.one` in texts ? `${key}.one` : key;
  const text = texts[own] ?? catalogues.en[own] ?? own;
  return text.replace(/\{(\w+)\}/g, (place, name) => {
    const value = values[name] ?? place;
    return typeof value === "number" ? number(value) : String(value);
  });
}

/** Whether the catalogue has a text. */
export function has(key) {
  return Object.hasOwn(catalogues.en, key);
}

/** A label of the payload: {en, de}, the key of a text, or words as they are. */
export function label(given) {
  if (given === null || given === undefined) return "";
  if (typeof given === "object") return given[language] ?? given.en ?? Object.values(given)[0] ?? "";
  return has(given) ? t(given) : String(given);
}

/** A number as the language writes it. */
export function number(value, digits = 3) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value).replace(/^-/, "−");
}

/** A number with its sign. */
export function signed(value, digits = 3) {
  const text = number(Math.abs(value), digits);
  if (Number(Math.abs(value).toFixed(digits)) === 0) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

/** A number with its sign and so many digits, to stand in a column. */
export function aligned(value, digits = 3) {
  const written = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${value < 0 ? "−" : "+"}${written.format(Math.abs(value))}`;
}

/** A share in percent, near none and all with a decimal; what is not quite none or all is not rounded to it. */
export function percent(share) {
  const value = share * 100;
  if (value > 0 && value < 0.1) return `< ${number(0.1)} %`;
  if (value < 100 && value > 99.9) return `> ${number(99.9)} %`;
  return `${number(value, value < 1 || value > 99 ? 1 : 0)} %`;
}

/** Percentage points with their sign. */
export function points(share) {
  return signed(share * 100, Math.abs(share) < 0.1 ? 1 : 0);
}

/** A month such as 2024-03 in words. */
export function monthName(month) {
  const [year, place] = month.split("-").map(Number);
  const date = new Date(Date.UTC(year, place - 1, 1));
  return new Intl.DateTimeFormat(language, { month: "short", year: "numeric", timeZone: "UTC" }).format(date);
}

/** Text in which nothing is markup. */
export function escaped(text) {
  return String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
