"""The tools that the tree goes through. Each loads its values when it is reached; its leaves are plain then."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info


@strawberry.type
class Dream:
    """Dream."""

    dream_narrative: str | None
    one_sentence: str | None


@strawberry.type
class SegmentationTargetMarket:
    """Segmentation and target market."""

    segments_list: JSON | None
    primary_target: JSON | None


@strawberry.type
class TargetSegmentDeepDive:
    """Target segment deep dive."""

    pains_matrix: JSON | None
    persona: JSON | None
    needs_gains: JSON | None


@strawberry.type
class ValuePropositionSources:
    """What a value proposition builds on."""

    user_id: strawberry.Private[UUID]

    @strawberry.field
    async def dream(self, info: Info[Any, None]) -> Dream:
        """Dream."""
        values = await _values(info, "dream", self.user_id)
        return Dream(
            dream_narrative=values.get("identity.dream.narrative"),
            one_sentence=values.get("identity.dream.one_sentence"),
        )

    @strawberry.field
    async def target_segment_deep_dive(self, info: Info[Any, None]) -> TargetSegmentDeepDive:
        """Target segment deep dive."""
        values = await _values(info, "target-segment-deep-dive", self.user_id)
        return TargetSegmentDeepDive(
            pains_matrix=values.get("strategy.target.pains_matrix"),
            persona=values.get("strategy.target.persona"),
            needs_gains=values.get("strategy.target.needs_gains"),
        )


@strawberry.type
class ValueProposition:
    """Value proposition."""

    vp_statement: str | None
    anti_promise: str | None
    pain_mapping: JSON | None
    differentiators: JSON | None
    sources: ValuePropositionSources


@strawberry.type
class ProductDevelopmentSources:
    """What product development builds on."""

    user_id: strawberry.Private[UUID]

    @strawberry.field
    async def value_proposition(self, info: Info[Any, None]) -> ValueProposition:
        """Value proposition."""
        values = await _values(info, "value-proposition", self.user_id)
        return ValueProposition(
            vp_statement=values.get("strategy.vp.statement"),
            anti_promise=values.get("strategy.vp.anti_promise"),
            pain_mapping=values.get("strategy.vp.pain_mapping"),
            differentiators=values.get("strategy.vp.differentiators"),
            sources=ValuePropositionSources(user_id=self.user_id),
        )


@strawberry.type
class ProductDevelopment:
    """Product development."""

    feature_list: JSON | None
    portfolio: JSON | None
    sources: ProductDevelopmentSources


@strawberry.type
class PricingSources:
    """What pricing builds on."""

    user_id: strawberry.Private[UUID]

    @strawberry.field
    async def segmentation_target_market(self, info: Info[Any, None]) -> SegmentationTargetMarket:
        """Segmentation and target market."""
        values = await _values(info, "segmentation-target-market", self.user_id)
        return SegmentationTargetMarket(
            segments_list=values.get("market.segments.list"),
            primary_target=values.get("market.segments.primary_target"),
        )

    @strawberry.field
    async def product_development(self, info: Info[Any, None]) -> ProductDevelopment:
        """Product development."""
        values = await _values(info, "product-development", self.user_id)
        return ProductDevelopment(
            feature_list=values.get("execution.product.feature_list"),
            portfolio=values.get("execution.product.portfolio"),
            sources=ProductDevelopmentSources(user_id=self.user_id),
        )


@strawberry.type
class Pricing:
    """Pricing."""

    pricing_tiers: JSON | None
    anchor_price: JSON | None
    sources: PricingSources


async def pricing(info: Info[Any, None], user_id: UUID) -> Pricing:
    """Pricing of one person."""
    values = await _values(info, "pricing", user_id)
    return Pricing(
        pricing_tiers=values.get("execution.pricing.tiers"),
        anchor_price=values.get("execution.pricing.anchor"),
        sources=PricingSources(user_id=user_id),
    )


async def _values(info: Info[Any, None], slug: str, user_id: UUID) -> dict[str, Any]:
    values: dict[str, Any] = await info.context.loaders.outputs(slug).load(user_id)
    return values
