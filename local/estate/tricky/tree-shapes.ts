import { type TreeArea } from '../../workspace/workspace-tree';
import { keeper, makeFolder, makeNotebook, type TrickyPart } from './part';

const root = '/Shared/shapes';
const depth = 20;
const header = '# Databricks notebook source\n';

/** Empty folders, deep ones, and names whose end says nothing of what they are. */
export const treeShapes: TrickyPart = {
  fill({ primary }) {
    for (const name of ['empty', 'empty/in/empty']) makeFolder(primary, `${root}/${name}`);
    const deep = `${root}/${Array.from({ length: depth }, (_, at) => `level ${at + 1}`).join('/')}`;
    makeFolder(primary, deep);
    makeNotebook(primary, `${deep}/at the bottom`);
    const put = (name: string, format: string, text: string, language?: string): void => {
      const content = Buffer.from(text).toString('base64');
      primary.post('/2.0/workspace/import', { path: `${root}/${name}`, format, language, content }, keeper);
    };
    put('notebook.py', 'SOURCE', `${header}print(1)`, 'PYTHON');
    put('notebook.ipynb', 'SOURCE', `${header}print(2)`, 'PYTHON');
    put('without a header', 'SOURCE', 'print(3)\r\n', 'PYTHON');
    put('empty notebook', 'SOURCE', '', 'R');
    // Imported without care, these would become notebooks and lose their ends.
    put('file.py', 'RAW', 'print(4)\n');
    put('file like a notebook.py', 'RAW', `${header}print(5)\n`);
    put('file.ipynb', 'RAW', '{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":0}');
    put('empty file', 'RAW', '');
    put('no text.bin', 'RAW', String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte)));
    primary.workspace.core
      .area<TreeArea>('workspace-tree')
      .tree.add(`${root}/legacy library`, { type: 'LIBRARY' }, keeper);
  },
};
