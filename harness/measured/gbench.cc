// SPDX-License-Identifier: GPL-2.0-or-later
// The one C++ file: each function is Google Benchmark's of nearly the same name, with exceptions
// turned into return values.
#include "gbench.h"

#include <benchmark/benchmark.h>
#include <cstring>
#include <iostream>

namespace
{

benchmark::State *as_state(gbench_state *state)
{
	return reinterpret_cast<benchmark::State *>(state);
}

const benchmark::State *as_state(const gbench_state *state)
{
	return reinterpret_cast<const benchmark::State *>(state);
}

// Runs a piece of code that may throw; false when it did.
template <typename Code> bool is_done(Code code) noexcept
{
	try {
		code();
		return true;
	} catch (...) {
		return false;
	}
}

// A benchmark whose body is a C function, as the library's fixture macros would make one.
class c_benchmark final : public benchmark::Fixture
{
      public:
	c_benchmark(const char *name, gbench_body body, void *user) : body_(body), user_(user)
	{
		SetName(name);
	}

      protected:
	void BenchmarkCase(benchmark::State &state) override
	{
		body_(reinterpret_cast<gbench_state *>(&state), user_);
	}

      private:
	gbench_body body_;
	void *user_;
};

bool has_one_head = false; // set before anything runs

// Whether a counter is one of some benchmarks alone.
bool varies(const char *name)
{
	return std::strstr(name, ".thread") || std::strstr(name, ".node") ||
	       std::strncmp(name, "rate", 4) == 0 || std::strncmp(name, "geometry_", 9) == 0;
}

} // namespace

bool gbench_register(
	const char *name, int threads, int64_t iterations, gbench_body body, void *user)
{
	return is_done([=] {
		// Google Benchmark owns it from here on.
		// NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks)
		auto *registered = benchmark::internal::RegisterBenchmarkInternal(
			new c_benchmark(name, body, user));

		registered->UseRealTime()->Unit(benchmark::kNanosecond);
		if (threads > 1)
			registered->Threads(threads);
		if (iterations > 0)
			registered->Iterations(iterations);
	});
}

bool gbench_initialize(int *argument_count, char **arguments)
{
	return is_done([=] { benchmark::Initialize(argument_count, arguments); });
}

void gbench_print_help(void)
{
	is_done([] {
		benchmark::PrintDefaultHelp();
		std::cout.flush();
	});
}

bool gbench_add_context(const char *key, const char *value)
{
	return is_done([=] { benchmark::AddCustomContext(key, value); });
}

int64_t gbench_run(void)
{
	int64_t selected = -1;

	is_done([&] {
		selected = static_cast<int64_t>(benchmark::RunSpecifiedBenchmarks());
		benchmark::Shutdown();
	});
	return selected;
}

bool gbench_output_is_good(void)
{
	bool is_good = false;

	is_done([&] { is_good = std::cout.flush().good(); });
	return is_good;
}

bool gbench_keep_running(gbench_state *state, int64_t count)
{
	return as_state(state)->KeepRunningBatch(count);
}

int64_t gbench_iterations_wanted(const gbench_state *state)
{
	return as_state(state)->max_iterations;
}

void gbench_pause(gbench_state *state)
{
	is_done([=] { as_state(state)->PauseTiming(); });
}

void gbench_resume(gbench_state *state)
{
	is_done([=] { as_state(state)->ResumeTiming(); });
}

void gbench_fail(gbench_state *state, const char *message)
{
	is_done([=] { as_state(state)->SkipWithError(message); });
}

int gbench_thread(const gbench_state *state)
{
	return as_state(state)->thread_index();
}

int64_t gbench_iterations(const gbench_state *state)
{
	return as_state(state)->iterations();
}

void gbench_set_items(gbench_state *state, int64_t items)
{
	is_done([=] { as_state(state)->SetItemsProcessed(items); });
}

void gbench_keep_one_head(void)
{
	has_one_head = true;
}

void gbench_set_counter(gbench_state *state, const char *name, double value)
{
	if (has_one_head && varies(name))
		return;
	is_done([=] { as_state(state)->counters[name] = value; });
}

void gbench_set_figure(gbench_state *state, const char *name, double value)
{
	if (!has_one_head)
		gbench_set_counter(state, name, value);
}

void gbench_set_label(gbench_state *state, const char *text)
{
	is_done([=] { as_state(state)->SetLabel(text); });
}
