import { type Random } from './random';
import { actions, subjects } from './vocabulary';

export const notebookLanguages = ['PYTHON', 'SQL', 'SCALA', 'R'] as const;
export type NotebookLanguage = (typeof notebookLanguages)[number];

const comment: Readonly<Record<NotebookLanguage, string>> = { PYTHON: '#', SQL: '--', SCALA: '//', R: '#' };

const cells: Readonly<Record<NotebookLanguage, (table: string, verb: string, number: number) => string>> = {
  PYTHON: (table, verb, number) =>
    `df = spark.read.table("bronze.${table}").where("amount > ${number}")\n# ${verb} the ${table}\ndisplay(df.groupBy("region").count().orderBy("count"))`,
  SQL: (table, verb, number) =>
    `-- ${verb} the ${table}\nSELECT region, count(*) AS total\nFROM silver.${table}\nWHERE amount > ${number}\nGROUP BY region`,
  SCALA: (table, verb, number) =>
    `// ${verb} the ${table}\nval ${table} = spark.table("gold.${table}").filter($"amount" > ${number})\ndisplay(${table}.groupBy("region").count())`,
  R: (table, verb, number) =>
    `# ${verb} the ${table}\nlibrary(SparkR)\n${table} <- sql("SELECT * FROM gold.${table} WHERE amount > ${number}")\ndisplay(summarize(groupBy(${table}, "region"), n = n(${table}$id)))`,
};

export function pickLanguage(random: Random): NotebookLanguage {
  const chance = random.next();
  if (chance < 0.6) return 'PYTHON';
  if (chance < 0.85) return 'SQL';
  return chance < 0.95 ? 'SCALA' : 'R';
}

/** Source of a notebook of at least that many bytes, cell by cell. */
export function makeSource(random: Random, language: NotebookLanguage, bytes: number): string {
  const parts = [`${comment[language]} Databricks notebook source`];
  const separator = `\n\n${comment[language]} COMMAND ----------\n\n`;
  for (let size = 0; size < bytes; size += separator.length) {
    const cell = cells[language](random.pick(subjects), random.pick(actions), random.between(1, 9_999));
    parts.push(cell);
    size += cell.length;
  }
  return parts.join(separator).replace(separator, '\n');
}

/** Most notebooks are short: 0.5 to 6 KB. */
export function pickSize(random: Random): number {
  return 400 + Math.floor(5_500 * random.next() ** 3);
}
