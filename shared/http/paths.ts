/** Whether a path fits a template such as `/v1/deals/{id}`; a parameter is one segment that isn't empty. */
const fits = (template: string, path: string): boolean => {
  const wanted = template.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((segment, i) => (segment.startsWith('{') ? given[i] !== '' : segment === given[i]))
  );
};

/** The methods that a path has, of routes named as the gateway names them (`GET /v1/deals/{id}`); sorted. */
export const methodsOf = (routeKeys: readonly string[], path: string): readonly string[] => {
  const methods = routeKeys.flatMap((key) => {
    const [method = '', template = ''] = key.split(' ');
    return fits(template, path) ? [method] : [];
  });
  return [...new Set(methods)].toSorted();
};
