#include "core/provisioning/enrollment_flow.h"

#include "core/base/uuid.h"
#include "core/crypto/base64.h"
#include "core/enrollment/registration_id.h"
#include "core/provisioning/enrollment_names.h"

#include <algorithm>

namespace enroll::provisioning {
namespace {

/// How often a write is tried while other clients keep changing the same enrollment.
constexpr int kMostTries = 8;

std::string_view unquoted(std::string_view etag) noexcept
{
    if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
        return etag.substr(1, etag.size() - 2);
    }
    return etag;
}

ServiceResult<void> requireOfferedAllocation(const IndividualEnrollment& enrollment)
{
    if (enrollment.allocationPolicy == AllocationPolicy::Custom) {
        return ServiceError{ServiceErrorCode::AllocationNotOffered,
                            "This service calls no web hook; use hashed, geoLatency or static."};
    }
    return {};
}

/// The continuation token: the last key of the page, as base64, so that no client takes it for something to interpret.
std::string continuationAfter(const std::string& key)
{
    return crypto::toBase64(asBytes(key));
}

} // namespace

std::string newEtag()
{
    return "\"" + makeUuidV7() + "\"";
}

bool EtagCondition::holdsFor(const std::string& stored) const
{
    return !etag || unquoted(*etag) == unquoted(stored);
}

EtagCondition etagCondition(const std::string& ifMatch)
{
    if (ifMatch.empty() || unquoted(ifMatch) == "*") {
        return {};
    }
    return {ifMatch};
}

ServiceResult<IndividualEnrollment> EnrollmentFlow::create(IndividualEnrollment enrollment)
{
    TRY(requireUsableNames(enrollment));
    TRY(requireOfferedAllocation(enrollment));
    enrollment.etag = newEtag();
    enrollment.createdAt = m_now();
    enrollment.updatedAt = enrollment.createdAt;
    TRY_ASSIGN(const auto written, m_list.insert(enrollment));
    if (written == WriteOutcome::AlreadyThere) {
        return ServiceError{ServiceErrorCode::EnrollmentExists};
    }
    return enrollment;
}

ServiceResult<IndividualEnrollment> EnrollmentFlow::update(IndividualEnrollment enrollment,
                                                           const EtagCondition& condition)
{
    TRY(requireUsableNames(enrollment));
    TRY(requireOfferedAllocation(enrollment));
    for (int attempt = 0; attempt < kMostTries; ++attempt) {
        TRY_ASSIGN(const auto view, find(enrollment.registrationId));
        const auto& stored = view.enrollment;
        if (!condition.holdsFor(stored.etag)) {
            return ServiceError{ServiceErrorCode::EtagDiffers};
        }
        enrollment.registrationId = stored.registrationId;
        enrollment.etag = newEtag();
        enrollment.createdAt = stored.createdAt;
        enrollment.updatedAt = m_now();
        // Compare-and-set on the ETag just read. If somebody else wrote in between, the condition is checked anew.
        TRY_ASSIGN(const auto written, m_list.replace(enrollment, stored.etag));
        if (written == WriteOutcome::Done) {
            return enrollment;
        }
    }
    return ServiceError{ServiceErrorCode::ConcurrentChange};
}

ServiceResult<void> EnrollmentFlow::remove(const enrollment::RegistrationId& id, const EtagCondition& condition)
{
    for (int attempt = 0; attempt < kMostTries; ++attempt) {
        TRY_ASSIGN(const auto view, find(id));
        const auto& stored = view.enrollment;
        if (!condition.holdsFor(stored.etag)) {
            return ServiceError{ServiceErrorCode::EtagDiffers};
        }
        TRY_ASSIGN(const auto written, m_list.remove(id, stored.etag));
        if (written == WriteOutcome::Done) {
            return {};
        }
    }
    return ServiceError{ServiceErrorCode::ConcurrentChange};
}

ServiceResult<void> EnrollmentFlow::apply(BulkMode mode, const IndividualEnrollment& enrollment)
{
    switch (mode) {
    case BulkMode::Create:
        TRY(create(enrollment));
        return {};
    case BulkMode::Update:
        TRY(update(enrollment, {}));
        return {};
    case BulkMode::UpdateIfMatchEtag:
        // An empty etag matches no stored one: an entry without its ETag is refused and not updated unconditionally.
        TRY(update(enrollment, EtagCondition{enrollment.etag}));
        return {};
    case BulkMode::Delete:
        return remove(enrollment.registrationId, {});
    }
    return ServiceError{ServiceErrorCode::BulkMalformed};
}

ServiceResult<EnrollmentView> EnrollmentFlow::find(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(auto stored, m_list.enrollment(id));
    if (!stored) {
        return ServiceError{ServiceErrorCode::EnrollmentUnknown};
    }
    TRY_ASSIGN(auto registration, m_list.registration(id));
    return EnrollmentView{std::move(*stored), std::move(registration)};
}

ServiceResult<EnrollmentPage> EnrollmentFlow::page(const std::string& continuation, std::size_t most)
{
    const auto after = continuation.empty() ? Result<Bytes>{Bytes{}} : crypto::fromBase64(continuation);
    if (!after.ok()) {
        return ServiceError{ServiceErrorCode::RequestMalformed,
                            "This service did not issue the continuation token; start again without it."};
    }
    const std::size_t size = most == 0 ? kMostPerPage : std::min(most, kMostPerPage);

    EnrollmentPage page;
    TRY_ASSIGN(page.enrollments, m_list.page(std::string{asText(*after)}, size + 1));
    if (page.enrollments.size() > size) {
        page.enrollments.pop_back();
        page.continuation = continuationAfter(enrollment::registrationKey(page.enrollments.back().registrationId));
    }
    return page;
}

ServiceResult<RegistrationState> EnrollmentFlow::registration(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(auto stored, m_list.registration(id));
    if (!stored) {
        return ServiceError{ServiceErrorCode::RegistrationUnknown};
    }
    return std::move(*stored);
}

ServiceResult<void> EnrollmentFlow::removeRegistration(const enrollment::RegistrationId& id,
                                                       const EtagCondition& condition)
{
    for (int attempt = 0; attempt < kMostTries; ++attempt) {
        TRY_ASSIGN(const auto stored, registration(id));
        if (!condition.holdsFor(stored.etag)) {
            return ServiceError{ServiceErrorCode::EtagDiffers};
        }
        TRY_ASSIGN(const auto written, m_list.removeRegistration(id, stored.etag));
        if (written == WriteOutcome::Done) {
            return {};
        }
    }
    return ServiceError{ServiceErrorCode::ConcurrentChange};
}

} // namespace enroll::provisioning
