// What a provisioning service answers to a device: a challenge and an assignment are whole, or they are errors.

#include "db/registration/registration_answer.h"
#include "tests/fuzz/dps/fuzz_answer.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    using namespace enroll::db::registration;
    const auto answer = fuzz::answerFrom(std::as_bytes(std::span{data, size}));
    const auto challenge = judgeChallenge(answer);
    if (challenge.ok() && (answer.status != 401 || challenge->keyName.empty())) {
        std::abort();
    }
    const auto progress = judgeProgress(answer);
    const auto* assigned = progress.ok() ? std::get_if<Assigned>(&*progress) : nullptr;
    if (assigned != nullptr && (assigned->assignment.hub.empty() || assigned->assignment.deviceId.empty())) {
        std::abort();
    }
    const auto* assigning = progress.ok() ? std::get_if<StillAssigning>(&*progress) : nullptr;
    if (assigning != nullptr && assigning->operationId.empty()) {
        std::abort();
    }
    return 0;
}
