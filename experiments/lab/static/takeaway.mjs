// Take things away: scenario and experiment files, pictures as SVG and PNG, tables as CSV.

import { escaped } from "./say.mjs";

const SCALE = 2;
const GAP = 12;

/** Hand a file to the reader. */
export function save(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A table as comma-separated values. */
export function csv(rows) {
  const cell = (value) => {
    const words = String(value ?? "");
    return /[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
  };
  return `${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Pictures under one another as one, with a title and a line that says where the numbers come from. */
export function poster(title, origin, pictures) {
  let [y, width, inside] = [34, 320, ""];
  for (const one of pictures) {
    const size = sizeOf(one);
    inside += one.replace("<svg ", `<svg x="0" y="${y}" `);
    y += size.height + GAP;
    width = Math.max(width, size.width);
  }
  width = Math.max(width, title.length * 9) + 16;
  const font = 'font-family="system-ui, DejaVu Sans, sans-serif" fill="#222222"';
  const lines = wrapped(origin, Math.floor(width / 6.4)).map((line, k) => `<text x="8" y="${y + 8 + 15 * k}" font-size="11" ${font}>${escaped(line)}</text>`);
  const height = y + 12 + 15 * lines.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="#ffffff"/><text x="8" y="22" font-size="16" font-weight="700" ${font}>${escaped(title)}</text>${inside}${lines.join("")}</svg>`;
}

/** Words in lines of at most so many letters. */
function wrapped(words, most) {
  const lines = [""];
  for (const word of words.split(" ")) {
    if (lines.at(-1) && lines.at(-1).length + word.length >= most) lines.push(word);
    else lines[lines.length - 1] += `${lines.at(-1) ? " " : ""}${word}`;
  }
  return lines;
}

function sizeOf(svg) {
  const read = (name) => Number(svg.match(new RegExp(`^<svg [^>]*?\\b${name}="([\\d.]+)"`))?.[1] ?? 300);
  return { width: read("width"), height: read("height") };
}

/** A picture as PNG. */
export async function png(svg) {
  const { width, height } = sizeOf(svg);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * SCALE);
  canvas.height = Math.ceil(height * SCALE);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** The pictures that a panel shows, each as text with its size. */
export function picturesIn(element) {
  return [...element.querySelectorAll("svg[width][height][role=img]")]
    .filter((one) => Number(one.getAttribute("width")) > 40)
    .map((one) => one.outerHTML);
}
