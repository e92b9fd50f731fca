/** The version of the app, as in package.json; part of every snapshot. */
export const toolVersion = '0.1.0';
