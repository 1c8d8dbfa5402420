// The check of response frames, for any command: never reads past the frame, and what it accepts keeps its promises.

#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    constexpr std::size_t kCommandPart = 5; // command code and whether it had sessions
    if (size < kCommandPart) {
        return 0;
    }
    ByteReader reader{std::as_bytes(std::span{data, size})};
    const auto code = reader.u32("code").value();
    const bool sessions = (reader.u8("sessions").value() & 1U) != 0;
    const tpm::CommandHeader command{sessions ? tpm::kTagSessions : tpm::kTagNoSessions, tpm::kHeaderSize, code};
    const auto checked = tpm::checkResponseFrame(command, reader.rest());
    if (checked && *checked != 0 && reader.remaining() != tpm::kHeaderSize) {
        std::abort();
    }
    return 0;
}
