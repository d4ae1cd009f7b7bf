"""The contracts themselves: every document is a valid schema, every policy that ships obeys its own."""
import unittest

import yaml
from jsonschema import Draft202012Validator

from check_output import CONTRACTS, TYPES, Contracts, load

POLICIES = {
    "policy.s2.tile_weights.yaml": "s2_tile_weights_policy", "policy.s3.requirements.yaml": "s3_requirements_policy",
    "policy.s4.alloc_plan.yaml": "s4_alloc_plan_policy", "policy.s6.jitter.yaml": "jitter_policy",
}


class ContractsTest(unittest.TestCase):
    contracts = Contracts()

    def test_every_entry_names_a_node_and_every_node_is_a_valid_schema(self):
        for entry in self.contracts.entries:
            _, node = self.contracts.node(entry["schema_ref"])
            if node.get("type") not in ("geotable", "raster"):
                self.contracts.validator(entry["schema_ref"])
            for column in node.get("columns", []):
                self.assertTrue("physical" not in column or column["physical"] in TYPES, column)

    def test_every_profile_obeys_the_policy_schemas(self):
        for profile in (CONTRACTS / "profiles").iterdir():
            for name, node in POLICIES.items():
                policy = load(profile / name)
                self.contracts.validator(f"schemas.1B.yaml#/policy/{node}").validate(policy)

    def test_the_licence_map_has_its_shape(self):
        text = (CONTRACTS / "licenses/license_map.yaml").read_text()
        self.contracts.validator("schemas.layer1.yaml#/governance/license_map").validate(yaml.safe_load(text))

    def test_every_reference_inside_a_pack_resolves(self):
        for name, pack in self.contracts.packs.items():
            for ref in references(pack):
                self.assertTrue(ref.startswith("#/$defs/") and ref[8:] in pack["$defs"], f"{name}: {ref}")

    def test_the_definitions_are_valid_schemas(self):
        for pack in self.contracts.packs.values():
            for node in pack["$defs"].values():
                Draft202012Validator.check_schema(node)


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


if __name__ == "__main__":
    unittest.main()
