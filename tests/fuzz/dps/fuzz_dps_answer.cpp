// What a provisioning service answers to an upload: whatever it says, each record gets one verdict, and none is taken
// as accepted without the service's word.

#include "core/provisioning/individual_enrollment.h"
#include "db/dps/dps_answer.h"
#include "tests/fuzz/dps/fuzz_answer.h"

#include <algorithm>
#include <cstdlib>

using namespace enroll;
using namespace enroll::db::dps;
using namespace enroll::delivery;

namespace {

constexpr UtcTime kNow{std::chrono::milliseconds{1'795'464'000'000}};

void requireOneVerdictEach(const HttpAnswer& answer, std::span<const enrollment::RegistrationId> ids)
{
    const auto verdict = judgeBulkAnswer(answer, ids, kNow);
    const auto* each = std::get_if<std::vector<ItemVerdict>>(&verdict);
    if (each == nullptr) {
        return;
    }
    const bool accepted =
        std::ranges::any_of(*each, [](const auto& item) { return std::holds_alternative<Accepted>(item); });
    if (each->size() != ids.size() || (accepted && answer.status != 200)) {
        std::abort();
    }
}

void requireItsOwnKey(const HttpAnswer& answer)
{
    provisioning::IndividualEnrollment wanted;
    wanted.registrationId = enrollment::RegistrationId{"gx-000183"};
    wanted.attestation.endorsementKey = toBytes(asBytes("one key"));
    const auto ours = judgeEnrollmentAnswer(answer, wanted, kNow);
    wanted.attestation.endorsementKey = toBytes(asBytes("another"));
    const auto theirs = judgeEnrollmentAnswer(answer, wanted, kNow);
    if (std::holds_alternative<Accepted>(ours) && std::holds_alternative<Accepted>(theirs)) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto answer = fuzz::answerFrom(std::as_bytes(std::span{data, size}));
    const std::array ids{enrollment::RegistrationId{"gx-000183"}, enrollment::RegistrationId{"gx-000184"}};
    requireOneVerdictEach(answer, ids);
    requireOneVerdictEach(answer, std::span{ids}.first(1));
    requireItsOwnKey(answer);
    if (errorOfAnswer(answer, "POST /enrollments").what.empty()) {
        std::abort();
    }
    return 0;
}
