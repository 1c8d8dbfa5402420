// What a station sends to enroll-agent, all of its line: nothing reaches the TPM that the gate does not let through, and
// nothing stays loaded.

#include "core/system/write_signals.h"
#include "tests/app/agent/relay_bench.h"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    constexpr std::size_t kMost = 16'384; // fits the line at once
    system::ignoreSignalsOfWrites();
    test::RelayBench bench;
    bench.tpm.loaded = {0x80FFFFFF}; // somebody else's
    [[maybe_unused]] const auto report = bench.serve(std::as_bytes(std::span{data, std::min(size, kMost)}));
    for (const auto& command : bench.tpm.heard) {
        const auto header = tpm::parseCommandHeader(command);
        const bool keeps = header.ok() && header->commandCode == tpm::command_code::kEvictControl;
        if (!header.ok() || (!keeps && !tpm::isOwnCommand(header->commandCode)) ||
            header->commandCode == tpm::command_code::kAgentQuestion) {
            std::abort();
        }
    }
    const bool otherFlushed =
        std::ranges::find(bench.tpm.heard, test::flushContext(0x80FFFFFF)) != bench.tpm.heard.end();
    if (bench.tpm.loaded.size() != (otherFlushed ? 0U : 1U)) {
        std::abort();
    }
    return 0;
}
