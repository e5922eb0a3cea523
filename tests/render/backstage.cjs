// Validates the entities on standard input, a JSON array, as a Backstage catalog does when it reads them.
// Usage: node backstage.cjs FOLDER, where FOLDER holds node_modules with @backstage/catalog-model.
// Prints a JSON array: for each entity null, or what is wrong with it.
const model = require(require.resolve("@backstage/catalog-model", { paths: [process.argv[2]] }));

const policy = model.EntityPolicies.allOf([
  new model.SchemaValidEntityPolicy(),
  new model.DefaultNamespaceEntityPolicy(),
  new model.NoForeignRootFieldsEntityPolicy(),
  new model.FieldFormatEntityPolicy(),
]);
const kinds = [
  model.componentEntityV1alpha1Validator,
  model.resourceEntityV1alpha1Validator,
  model.groupEntityV1alpha1Validator,
];

async function fault(entity) {
  try {
    const found = await policy.enforce(entity);
    for (const kind of kinds) {
      if (await kind.check(found)) return null;
    }
    return `no kind of entity: ${entity.kind}`;
  } catch (error) {
    return String(error);
  }
}

(async () => {
  const entities = JSON.parse(require("fs").readFileSync(0, "utf8"));
  console.log(JSON.stringify(await Promise.all(entities.map(fault))));
})();
