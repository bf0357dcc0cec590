// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a probe answers the other way when the module's switch is set, and leaves it set. */
#include <sys/wait.h>

#include "guest.h"

#define PARAMETER "/sys/module/migbench/parameters/no_fault_page"

/* Does migbench probe say of @id that it is @answer? */
static bool says(const char *id, const char *answer, bool refusing)
{
	char line[512], wanted[128];
	FILE *in = popen("migbench probe --format ktap", "r");
	bool found = false;
	int status;

	CHECK(in);
	snprintf(wanted, sizeof(wanted), " %s # %s: ", id, answer);
	while (fgets(line, sizeof(line), in))
		found |= !!strstr(line, wanted);
	/* Where faults are refused, other probes end with SIGBUS, and say that they failed. */
	status = pclose(in);
	CHECK(status == 0 || (refusing && WIFEXITED(status) && WEXITSTATUS(status) == 1));
	return found;
}

static void set(const char *value)
{
	FILE *out = fopen(PARAMETER, "w");

	CHECK(out);
	CHECK(fputs(value, out) >= 0 && !fclose(out));
}

static char get(void)
{
	FILE *in = fopen(PARAMETER, "r");
	int value;

	CHECK(in);
	value = fgetc(in);
	fclose(in);
	return (char)value;
}

int main(void)
{
	struct migbench_retention retention = { .size = sizeof(retention),
						.op = MIGBENCH_RETENTION_OFF };
	int fd = open_device(0, 0);

	if (!ioctl(fd, MIGBENCH_IOC_RETENTION, &retention)) {
		CHECK(says("bits-kept", "absent", false));
		retention.op = MIGBENCH_RETENTION_RESTORE;
		CHECK(!ioctl(fd, MIGBENCH_IOC_RETENTION, &retention));
		CHECK(says("bits-kept", "present", false));
	} else {
		CHECK(errno == EOPNOTSUPP && !kernel_since(6, 1));
	}

	set("Y");
	CHECK(says("fault-page", "absent", kernel_since(6, 1)));
	CHECK(get() == 'Y');
	set("N");
	CHECK(says("fault-page", kernel_since(6, 1) ? "present" : "absent", false));
	CHECK(get() == 'N');
	puts("probe_switches: each answers the other way");
	return 0;
}
