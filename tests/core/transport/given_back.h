#pragma once

#include "core/base/device_code.h"
#include "core/transport/tpm_channel.h"
#include "tests/core/transport/far_end.h"

#include <string_view>

namespace enroll::test {

/// What a relay that gives each command back answers with: it begins as a TPM's response does.
inline Bytes marked(std::string_view text)
{
    Bytes bytes{std::byte{0x80}};
    const auto more = asBytes(text);
    bytes.insert(bytes.end(), more.begin(), more.end());
    return bytes;
}

/// What \p channel brings for \p command from such a relay, within kLong.
inline Result<Bytes> answerOf(transport::TpmChannel& channel, const Bytes& command)
{
    const auto deadline = Deadline::in(kLong);
    TRY(channel.send(command, deadline));
    Bytes answer(command.size());
    for (std::size_t count = 0; count < answer.size();) {
        TRY_ASSIGN(const auto some, channel.receive(std::span{answer}.subspan(count), deadline));
        if (some == 0) {
            return makeError(DeviceCode::NoTpmAnswers, "the end");
        }
        count += some;
    }
    return answer;
}

} // namespace enroll::test
