// SPDX-License-Identifier: GPL-2.0-or-later
// The kinds of noise that change points must not be found in.
#include "series.h"

#include <math.h>

#include <gsl/gsl_randist.h>

#include "results/statistics/figures.h"

const char *made_noise_name(enum made_noise noise)
{
	static const char *const NAMES[MADE_NOISES] = {"Gaussian", "AR(1) 0.5", "log-normal",
		"spikes up, 5 %", "spikes both ways, 5 %", "bimodal, half", "bimodal, one in five",
		"Student t, 3", "rounded", "AR(1) 0.2", "AR(1) 0.7", "AR(1) 0.5 with spikes",
		"three times the scatter in the last fifth", "GARCH(1, 1)"};

	return NAMES[noise];
}

static double made_spike(enum made_noise noise, gsl_rng *random)
{
	if (gsl_rng_uniform(random) >= 0.05)
		return 0;
	return noise == MADE_SPIKY || gsl_rng_uniform(random) < 0.5 ? 8 : -8;
}

static double made_value(enum made_noise noise, double before, gsl_rng *random)
{
	double value = gsl_ran_gaussian_ziggurat(random, 1);

	switch (noise) {
	case MADE_AUTOCORRELATED:
	case MADE_AUTOCORRELATED_SPIKY:
		return 0.5 * before + sqrt(1 - 0.25) * value;
	case MADE_WEAKLY_AUTOCORRELATED:
		return 0.2 * before + sqrt(1 - 0.04) * value;
	case MADE_STRONGLY_AUTOCORRELATED:
		return 0.7 * before + sqrt(1 - 0.49) * value;
	case MADE_LOG_NORMAL:
		return exp(value);
	case MADE_SPIKY:
	case MADE_SPIKY_BOTH_WAYS:
		return value + made_spike(noise, random);
	case MADE_BIMODAL:
		return value + (gsl_rng_uniform(random) < 0.5 ? 6 : 0);
	case MADE_BIMODAL_RARE:
		return value + (gsl_rng_uniform(random) < 0.2 ? 6 : 0);
	case MADE_HEAVY:
		return gsl_ran_tdist(random, 3);
	case MADE_ROUNDED:
		return rint(value * 1.5);
	default:
		return value;
	}
}

// Bollerslev (1986): the variance follows the squares of what came before.
static void make_volatile(double *values, size_t count)
{
	double before = 0;
	double variance = 1;

	for (size_t i = 0; i < count; i++) {
		variance = 0.1 + 0.15 * before * before + 0.75 * variance;
		values[i] = before = sqrt(variance) * values[i];
	}
}

void made_series(enum made_noise noise, double *values, size_t count, gsl_rng *random)
{
	double value = gsl_ran_gaussian_ziggurat(random, 1);

	for (size_t i = 0; i < count; i++)
		values[i] = value = made_value(noise, value, random);
	for (size_t i = 0; noise == MADE_AUTOCORRELATED_SPIKY && i < count; i++)
		values[i] += made_spike(MADE_SPIKY, random);
	for (size_t i = count - count / 5; noise == MADE_SPREADING && i < count; i++)
		values[i] *= 3;
	if (noise == MADE_VOLATILE)
		make_volatile(values, count);
}

double made_figure(const double *ns, size_t count)
{
	struct figures figures = {0};

	for (size_t i = 0; i < count; i++)
		figures_add(&figures, 1, ns[i]);
	return figures_mean(&figures);
}
