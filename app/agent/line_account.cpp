#include "app/agent/line_account.h"

#include "core/tpm/command_table.h"

namespace enroll::app::agent {
namespace {

using namespace tpm;

constexpr std::uint32_t kTransient = 0x80; // TPM_HT_TRANSIENT, the highest eight bits of a handle

Result<Keeping> readHandles(ByteReader reader)
{
    Keeping read{};
    TRY(reader.u32("auth"));
    TRY_ASSIGN(read.objectHandle, reader.u32("objectHandle"));
    TRY_ASSIGN(const auto authorizations, reader.u32("authorizationSize"));
    TRY(reader.take(authorizations, "authorizations"));
    TRY_ASSIGN(read.persistentHandle, reader.u32("persistentHandle"));
    TRY(reader.requireEnd("TPM2_EvictControl"));
    return read;
}

/// The first handle behind a header: of what a command names, or of what a response brings.
std::optional<std::uint32_t> handleOf(ByteView frame)
{
    ByteReader reader{frame.subspan(kHeaderSize)};
    const auto handle = reader.u32("handle");
    return handle ? std::optional{*handle} : std::nullopt;
}

bool succeeded(ByteView response)
{
    ByteReader reader{response.subspan(6)}; // behind tag and size
    const auto code = reader.u32("responseCode");
    return code && *code == 0;
}

} // namespace

bool Keeping::keeps() const noexcept
{
    return objectHandle >> 24U == kTransient;
}

std::optional<Keeping> readKeeping(const CommandHeader& header, ByteView command)
{
    if (header.commandCode != command_code::kEvictControl || header.tag != kTagSessions) {
        return std::nullopt;
    }
    const auto read = readHandles(ByteReader{command.subspan(kHeaderSize)});
    return read ? std::optional{*read} : std::nullopt;
}

void LineAccount::note(const CommandHeader& header, ByteView command, ByteView response)
{
    if (!succeeded(response)) {
        return;
    }
    const auto fresh = traitsOf(header.commandCode).handle == ResponseHandle::One ? handleOf(response) : std::nullopt;
    if (fresh && !full()) {
        m_loaded.insert(*fresh);
    }
    if (header.commandCode == command_code::kFlushContext) {
        m_loaded.erase(handleOf(command).value_or(0));
    }
    if (const auto keeping = readKeeping(header, command)) {
        noteKeeping(*keeping);
    }
}

void LineAccount::noteKeeping(const Keeping& done)
{
    if (!done.keeps()) {
        m_kept.erase(done.objectHandle);
    } else if (m_kept.size() < kMostKept) {
        m_kept.insert(done.persistentHandle);
    }
}

} // namespace enroll::app::agent
