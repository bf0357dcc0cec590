// SPDX-License-Identifier: GPL-2.0-or-later
/* One finding more, with its kernel and clock, and the end of all of them. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/findings.h"
#include "analysis/run/describe.h"

void an_finding_add(const struct an_run *run, struct an_findings *findings, char *body)
{
	struct an_finding *finding;
	char *lead;

	if (!body)
		return;
	lead = an_finding_lead(run);
	findings->at =
		mb_grow(findings->at, &findings->capacity, findings->count, sizeof(*findings->at));
	finding = &findings->at[findings->count++];
	finding->text = mb_format("%s%s", lead, body);
	finding->body = strlen(lead);
	free(lead);
	free(body);
}

void an_findings_free(struct an_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		free(findings->at[i].text);
	free(findings->at);
	*findings = (struct an_findings){ 0 };
}
