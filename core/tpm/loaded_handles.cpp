#include "core/tpm/loaded_handles.h"

#include "core/base/device_code.h"
#include "core/tpm/bare_command.h"
#include "core/tpm/command_table.h"

#include <algorithm>
#include <array>

namespace enroll::tpm {
namespace {

constexpr std::uint32_t kCapabilityHandles = 1;          // TPM_CAP_HANDLES
constexpr std::uint32_t kFirstTransient = 0x80000000;    // TRANSIENT_FIRST
constexpr std::uint32_t kFirstSession = 0x02000000;      // LOADED_SESSION_FIRST
constexpr std::uint32_t kFirstSavedSession = 0x03000000; // ACTIVE_SESSION_FIRST
constexpr std::uint32_t kNumber = 0x00FFFFFF;            // of a handle, without its kind
constexpr std::uint32_t kMostHandles = 254;              // MAX_CAP_HANDLES of a 1024-byte capability buffer

/// Adds the handles from \p first on of the kind that \p first belongs to: TPM2_GetCapability(TPM_CAP_HANDLES).
Result<void> addHandles(TpmExchange& exchange, std::uint32_t first, LoadedHandles& handles)
{
    TRY_ASSIGN(const auto parameters,
               runBare(exchange, command_code::kGetCapability, {kCapabilityHandles, first, kMostHandles}));
    ByteReader reader{parameters, DeviceCode::TpmResponseMalformed};
    TRY(reader.u8("moreData"));
    TRY_ASSIGN(const auto capability, reader.u32("capability"));
    if (capability != kCapabilityHandles) {
        return makeError(DeviceCode::TpmResponseMalformed,
                         "the TPM was asked for handles and returned another capability",
                         std::string{traitsOf(command_code::kGetCapability).name});
    }
    TRY_ASSIGN(const auto count, reader.u32("count"));
    for (std::uint32_t i = 0; i < std::min(count, kMostHandles); ++i) {
        TRY_ASSIGN(const auto handle, reader.u32("handle"));
        handles.insert(handle);
    }
    return reader.requireEnd("TPML_HANDLE");
}

/// True for handles that TPM2_FlushContext may name. Checked because a hostile device may list any number, and a flush
/// of anything else only wastes the time that is left.
/// Source: TPM 2.0 Library Part 2, "TPM_HT": HMAC sessions 02, policy sessions 03, transient objects 80.
bool isObjectOrSession(std::uint32_t handle) noexcept
{
    const auto kind = handle >> 24U;
    return kind == 0x02 || kind == 0x03 || kind == 0x80;
}

} // namespace

Result<LoadedHandles> readLoadedHandles(TpmExchange& exchange, Sessions sessions)
{
    LoadedHandles handles;
    TRY(addHandles(exchange, kFirstTransient, handles));
    if (sessions == Sessions::Listed) {
        TRY(addHandles(exchange, kFirstSession, handles));
    }
    return handles;
}

Result<bool> wereForgotten(TpmExchange& exchange, const std::vector<std::uint32_t>& held, const LoadedHandles& before)
{
    TRY_ASSIGN(auto there, readLoadedHandles(exchange));
    LoadedHandles expected{held.begin(), held.end()};
    const bool twice = expected.size() != held.size();
    const auto isExpected = [&](auto handle) { return expected.contains(handle) || before.contains(handle); };
    if (!std::ranges::all_of(there, isExpected)) {
        return false;
    }
    const auto missing = [&](auto handle) { return !there.contains(handle); };
    if (twice || std::ranges::none_of(held, missing)) {
        return twice;
    }
    LoadedHandles saved;
    TRY(addHandles(exchange, kFirstSavedSession, saved));
    for (const auto session : saved) { // a saved session keeps its number under another kind
        there.insert(kFirstSession | (session & kNumber));
    }
    return std::ranges::any_of(held, missing);
}

Result<void> flushHandles(TpmExchange& exchange, const LoadedHandles& handles, const Deadline& deadline)
{
    auto outcome = Result<void>{};
    for (auto handle = handles.rbegin(); handle != handles.rend(); ++handle) {
        if (!isObjectOrSession(*handle)) {
            continue;
        }
        if (deadline.passed()) {
            return makeError(DeviceCode::TpmTimedOut, "the time to flush the TPM's objects and sessions is over",
                             "TPM2_FlushContext");
        }
        const auto flushed = runBare(exchange, command_code::kFlushContext, {*handle});
        if (!flushed) {
            outcome = flushed.error();
        }
        if (exchange.broken()) {
            break;
        }
    }
    return outcome;
}

Result<void> endOrderly(TpmExchange& exchange)
{
    ByteWriter writer; // TPM_SU_CLEAR is 0, in 16 bits
    writer.u16(kTagNoSessions).u32(kHeaderSize + 2).u32(command_code::kShutdown).u16(0);
    TRY(runBare(exchange, command_code::kShutdown, writer.view()));
    return {};
}

Result<void> flushAllBut(TpmExchange& exchange, const LoadedHandles& before, const Deadline& deadline)
{
    TRY_ASSIGN(auto now, readLoadedHandles(exchange));
    std::erase_if(now, [&before](std::uint32_t handle) { return before.contains(handle); });
    return flushHandles(exchange, now, deadline);
}

} // namespace enroll::tpm
