#!/bin/sh
# A client that polls once, and prints and fetches what would break a report that does not escape it.
curl -s -o /dev/null -H "Authorization: Bearer $MOCK_TOKEN" "$MOCK_BASE_URL/v1/video/generations/$MOCK_TASK_ID"
curl -gs -o /dev/null -H "Authorization: Bearer $MOCK_TOKEN" "$MOCK_ASSET_URL/https/a.example/</pre><b>&amp;]]>"
printf '</pre><script>document.title="taken"</script><img src="x" onerror="1"/>\n'
printf ']]></system-out><failure/>&nbsp;&amp;\n::error title=taken::taken\n# Subtest: taken\nnot ok 1 - taken\n'
printf '\033[31mred\033[0m \001\002 \377\376 \r\n\342\200\256turned\n'
