"""Logs, metrics and traces: structlog JSON lines, Prometheus, OpenTelemetry with W3C trace context."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from opentelemetry import propagate, trace
from prometheus_client import Counter, Histogram

if TYPE_CHECKING:
    from collections.abc import Iterator

    from structlog.typing import Processor

    from chassis.http.request import Headers

GRAPHQL_REQUESTS = Counter("linli_graphql_requests_total", "GraphQL requests answered", ["service", "outcome"])
GRAPHQL_SECONDS = Histogram("linli_graphql_request_seconds", "Time to answer a GraphQL request", ["service"])

_tracer = trace.get_tracer("linli")


def configure(service: str, level: str) -> None:
    """Set up logs, and traces when the standard OTEL_EXPORTER_OTLP_ENDPOINT says where to send them."""
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    known: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*known, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
    libraries = logging.StreamHandler()
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *known],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(level=level, handlers=[libraries])
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        _export_traces(service)


def _export_traces(service: str) -> None:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 (only deployments that trace pay for the import)
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": f"linli-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


@contextmanager
def request_span(service: str, headers: Headers) -> Iterator[None]:
    """Continue the caller's trace and bind its ids to every log line of this request."""
    carrier = {"traceparent": headers.get("traceparent") or ""}
    parent = propagate.extract(carrier)
    with _tracer.start_as_current_span(f"{service} graphql", context=parent) as span:
        ids = {"service": service, "request_id": headers.request_id}
        if span.get_span_context().is_valid:
            ids["trace_id"] = f"{span.get_span_context().trace_id:032x}"
        with structlog.contextvars.bound_contextvars(**ids):
            yield


def traceparent() -> str | None:
    """Return the current trace context for an event's envelope, or None outside a trace."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")
