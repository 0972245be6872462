"""Regions as others print them: freight as a table, flows of goods as a map."""

from marketplace.regions.documents.freight import legs_table as legs_table
from marketplace.regions.documents.maps import FlowMap as FlowMap
from marketplace.regions.documents.maps import flow_map as flow_map
from marketplace.regions.documents.maps import spot_of as spot_of
