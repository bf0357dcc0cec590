// SPDX-License-Identifier: GPL-2.0-or-later
/* Registers by the names that QEMU has for them. */
#include <stdlib.h>
#include <string.h>

#include "lab/payload/registers.h"
#include "lab/payload/sample.h"

static const char *const x86_names[PLUGIN_REGISTERS] = { "rax",
							 "rcx",
							 "rdx",
							 "rbx",
							 "rsp",
							 "rbp",
							 "rsi",
							 "rdi",
							 "r8",
							 "r9",
							 "r10",
							 "r11",
							 "r12",
							 "r13",
							 "r14",
							 "r15",
							 [PLUGIN_ROOT] = "cr3",
							 [PLUGIN_OWN] = "gs_base",
							 [PLUGIN_OWN_ASIDE] = "k_gs_base" };

/* Besides "x0" to "x30". */
static const char *const arm64_names[PLUGIN_REGISTERS] = { [PLUGIN_ROOT] = "TTBR0_EL1",
							   [PLUGIN_KERNEL_ROOT] = "TTBR1_EL1",
							   [PLUGIN_TRANSLATION] = "TCR_EL1",
							   [PLUGIN_OWN] = "TPIDR_EL1" };

static struct qemu_plugin_register *registers[PLUGIN_REGISTERS];
static GByteArray *bytes;

uint64_t registers_read(size_t number)
{
	uint64_t value = 0;

	g_byte_array_set_size(bytes, 0);
	if (number < PLUGIN_REGISTERS && registers[number])
		qemu_plugin_read_register(registers[number], bytes);
	memcpy(&value, bytes->data, bytes->len < sizeof(value) ? bytes->len : sizeof(value));
	return value;
}

static void find_registers(void)
{
	const char *const *names = plugin_arm64 ? arm64_names : x86_names;
	GArray *all = qemu_plugin_get_registers();
	const qemu_plugin_reg_descriptor *at = (const void *)all->data;

	for (size_t i = 0; i < all->len; i++) {
		char *end = NULL;
		size_t number =
			plugin_arm64 && *at[i].name == 'x' ? strtoul(at[i].name + 1, &end, 10) : 0;

		if (end && end > at[i].name + 1 && !*end && number < 31)
			registers[number] = at[i].handle;
		for (size_t r = 0; r < PLUGIN_REGISTERS; r++)
			if (names[r] && !strcmp(at[i].name, names[r]))
				registers[r] = at[i].handle;
	}
}

#if PLUGIN_API < 7
static void on_cpu(qemu_plugin_id_t id, unsigned int vcpu)
{
	(void)id;
	(void)vcpu;
	find_registers();
}
#else
static void on_cpu(unsigned int vcpu, void *user)
{
	(void)vcpu;
	(void)user;
	find_registers();
}
#endif

void registers_wanted(qemu_plugin_id_t id)
{
	bytes = g_byte_array_new();
#if PLUGIN_API < 7
	qemu_plugin_register_vcpu_init_cb(id, on_cpu);
#else
	qemu_plugin_register_vcpu_init_cb(id, on_cpu, NULL);
#endif
}
