"""Plans compiled to typed decoders and generated functions: the fast path beside `gateway.execution.execute`.

It answers when everything goes well, which is nearly always. An answer that has errors or does not fit the schema, a
subgraph that fails, a plan of a kind not known here: then the interpretive executor answers, from what came already.
"""
