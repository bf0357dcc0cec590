# SPDX-License-Identifier: GPL-2.0-or-later
# A run file in which every benchmark has points of several kinds; the same on every machine.
# Variables: clock, kernel, boots, seed, scale (a percentage that all costs are multiplied by).

# A whole number below n; the products stay within what a double holds exactly.
function random(n)
{
	state = state * 16807 % 2147483647
	return state % n
}

function point(benchmark, params, pages, cost, counters, phased, samples)
{
	id++
	printf "{\"type\":\"point\",\"id\":%d,\"benchmark\":\"%s\",\"params\":{%s}}\n", id, benchmark, params
	of[id] = pages; price[id] = cost; counted[id] = counters; phases[id] = phased
	many[id] = samples
}

# The values of a metric that costs about @cost.
function metric(name, cost, count,    i)
{
	printf "%s\"%s\":{\"unit\":\"%s\",\"values\":[", comma, name, clock == "time" ? "ns" : "insns"
	for (i = 0; i < count; i++)
		printf "%s%d", i ? "," : "", int(cost * scale / 100) + random(int(cost / 50) + 2)
	printf "]}"
	comma = ","
}

function block(at, boot, round,    n)
{
	n = many[at]
	printf "{\"type\":\"block\",\"point\":%d,\"boot\":%d,\"round\":%d,\"pages\":%d,", at, boot, round, of[at]
	printf "\"requested\":%d,\"collected\":%d,\"migrated\":%d,\"invalid\":%d,\"metrics\":{", of[at],
		of[at], of[at], at % 7 == 0
	comma = ""
	if (!phases[at]) {
		metric("total", price[at], n)
	} else {
		metric("total", price[at] * 2, n)
		metric("setup", price[at] * 0.4, n)
		metric("alloc", price[at] * 0.1, n)
		metric("copy", price[at] * 0.3, n)
		metric("pages", price[at] * 0.2, n)
		metric("finalize", price[at] * 0.5, n)
		metric("first", price[at] * 1.5, n)
		metric("unavailable", price[at] * 1.9, n)
	}
	printf "}%s}\n", counted[at] == "" ? "" : ",\"counters\":{" counted[at] "}"
}

BEGIN {
	state = seed
	printf "{\"type\":\"run\",\"format\":1,\"id\":\"golden%d\",\"tool\":\"migbench\"," \
		"\"started\":\"2026-01-02T03:04:0%dZ\",\"clock\":\"%s\",\"label\":\"%s\",\"seed\":42," \
		"\"env\":{\"kernel\":\"%s\",\"cpu\":\"none\",\"emulated\":%s,\"build_id\":\"%d\"}," \
		"\"config\":{\"samples\":4}}\n", seed, seed % 10, clock, kernel, kernel,
		clock == "insns" ? "true" : "false", seed
	split("to-device to-system round-trip", directions)
	split("private coherent", memories)
	split("1 16 256 512", batches)
	for (m = 1; m <= 2; m++) {
		for (p = 0; p < 2; p++)
			for (d = 1; d <= 3; d++)
				for (b = p ? 4 : 1; b <= 4; b++)
					point("migrate", sprintf("\"direction\":\"%s\",\"memory\":\"%s\",\"page\":\"%s\",\"state\":\"exclusive\",\"threads\":1,\"nodes\":\"0>1\",\"batch\":%d",
						directions[d], memories[m], p ? "2m" : "4k", batches[b]), batches[b],
						2000 + (p ? 50 : 900 + 100 * m + 70 * d) * batches[b],
						sprintf("\"tlb_flushes\":%d,\"ipi_rounds\":%d", p ? 1 : batches[b] + 1, b), 1, 4)
		for (b = 2; b <= 3; b++)
			point("evict", sprintf("\"memory\":\"%s\",\"page\":\"4k\",\"nodes\":\"0>1\",\"batch\":%d",
				memories[m], batches[b]), batches[b], 1000 + 700 * batches[b], "", 1, 4)
		for (w = 0; w < 2; w++)
			point("fault", sprintf("\"access\":\"%s\",\"memory\":\"%s\",\"page\":\"4k\",\"nodes\":\"0>1\"",
				w ? "write" : "read", memories[m]), 1, 3000 + 40 * w, "", 1, 60)
	}
	for (b = 1; b <= 4; b++)
		point("copy", sprintf("\"page\":\"4k\",\"batch\":%d,\"nodes\":\"0>1\"", batches[b]), batches[b],
			500 * batches[b], "", 0, 4)
	for (a = 0; a < 3; a++)
		for (b = 0; b < 3; b++)
			if (a != b) {
				point("numa", sprintf("\"mode\":\"move_pages\",\"page\":\"4k\",\"nodes\":\"%d>%d\",\"batch\":64",
					a, b), 64, 64 * (3000 + 500 * (a + b)), "\"tlb_flushes\":64", 0, 4)
				if (a + b < 2)
					point("numa", sprintf("\"mode\":\"mbind\",\"page\":\"2m\",\"nodes\":\"%d>%d\",\"batch\":512",
						a, b), 512, 90000 + 1000 * a, "", 0, 4)
			}
	split("system private failed", journeys)
	for (j = 1; j <= 3; j++)
		for (r = 0; r < 2; r++)
			for (w = 0; w < 2; w++)
				point("ad", sprintf("\"journey\":\"%s\",\"retention\":\"%s\",\"access\":\"%s\",\"page\":\"4k\",\"nodes\":\"0>1\",\"batch\":64",
					journeys[j], r ? "on" : "off", w ? "write" : "read"), 64, 300 + 20 * w + 90 * r,
					sprintf("\"young\":%d,\"dirty\":%d,\"folio_dirty\":64", r * 64, r * (j - 1) * 32), 0, 4)
	split("interleaved hot-first", orders)
	for (o = 1; o <= 2; o++)
		for (l = 0; l < 2; l++)
			for (r = 0; r < 2; r++)
				point("refault", sprintf("\"order\":\"%s\",\"lru\":\"%s\",\"retention\":\"%s\",\"pages\":4096,\"nodes\":\"0>1\"",
					orders[o], l ? "mglru" : "classic", r ? "on" : "off"), 4096, 4000000 - 900000 * r,
					sprintf("\"swapped_in\":%d,\"swapped_in_second\":%d", 2000 - 1500 * r + 10 * o, 700 + o), 0, 3)
	split("mprotect munmap", ops)
	for (o = 1; o <= 2; o++)
		for (n = 1; n <= 3; n++)
			for (c = 1; c <= 4; c *= 2)
				point("tlb", sprintf("\"op\":\"%s\",\"pages\":%d,\"cpus\":%d", ops[o], batches[n], c),
					batches[n], 800 + 20 * batches[n] + 300 * c,
					sprintf("\"tlb_flushes\":%d,\"ipi_rounds\":%d", n, c - 1), 0, 4)
	printf "{\"type\":\"point\",\"id\":%d,\"benchmark\":\"fault\",\"params\":{\"access\":\"read\",\"memory\":\"device\"}}\n", id + 1
	printf "{\"type\":\"skip\",\"point\":%d,\"boot\":0,\"why\":\"no such memory\"}\n", id + 1
	for (boot = 0; boot < boots; boot++)
		for (round = 1; round <= 2; round++)
			for (i = 1; i <= id; i++)
				block(i, boot, round)
	for (i = 1; i <= 5; i++)
		printf "{\"type\":\"floor\",\"point\":%d,\"metric\":\"total\",\"floor\":0.00%d}\n", i, i
	printf "{\"type\":\"probe\",\"id\":\"bits\",\"commit\":\"123456789abc\",\"release\":\"6.1\"," \
		"\"title\":\"bits are remembered\",\"answer\":\"%s\",\"why\":\"so\",\"boot\":0}\n",
		kernel < "6.1" ? "absent" : "present"
	printf "{\"type\":\"end\",\"blocks\":%d,\"boots\":%d}\n", 2 * boots * id, boots
}
