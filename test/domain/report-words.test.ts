import { duration, regionTitle } from '../../shared/domain/report-words';

test.each([
  ['eastus2', 'East US 2'],
  ['East US 2', 'East US 2'],
  ['eastus2euap', 'East US 2 EUAP'],
  ['centralus', 'Central US'],
  ['northcentralus', 'North Central US'],
  ['southeastasia', 'Southeast Asia'],
  ['southafricanorth', 'South Africa North'],
  ['germanywestcentral', 'Germany West Central'],
  ['australiacentral2', 'Australia Central 2'],
  ['uksouth', 'UK South'],
  ['somewhere', 'Somewhere'],
])('calls the region %s %s', (region, title) => {
  expect(regionTitle(region)).toBe(title);
});

test.each([
  [0, '0 s'],
  [0.4, '0.4 s'],
  [59.6, '1 min'],
  [432, '7 min 12 s'],
  [3_600, '1 h'],
  [187_200, '2 d 4 h'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
