#pragma once

#include "core/provisioning/enrollment_list.h"
#include "core/provisioning/service_error.h"

#include <functional>

namespace enroll::provisioning {

/// What an If-Match header asks for.
struct EtagCondition {
    std::optional<std::string> etag; ///< as the header has it; absent: "*", or no header where none is needed
    /// Quotes around either side make no difference: client libraries disagree about them.
    [[nodiscard]] bool holdsFor(const std::string& stored) const;
};

/// "" and "*" ask for nothing.
EtagCondition etagCondition(const std::string& ifMatch);

/// An enrollment together with what became of its device.
struct EnrollmentView {
    IndividualEnrollment enrollment;
    std::optional<RegistrationState> registration;
};

struct EnrollmentPage {
    std::vector<IndividualEnrollment> enrollments;
    std::string continuation; ///< empty on the last page
};

/// Most enrollments on a page of a query, whatever is asked for.
inline constexpr std::size_t kMostPerPage = 100;

/// The service's back-end side: the life of an enrollment. Holds nothing; every decision is the list's.
class EnrollmentFlow {
public:
    EnrollmentFlow(EnrollmentList& list, std::function<UtcTime()> now) : m_list(list), m_now(std::move(now)) {}

    /// \par Errors   409201, 400001 (names that no hub can take), 400008
    ServiceResult<IndividualEnrollment> create(IndividualEnrollment enrollment);
    /// Keeps what only the service writes.
    ///
    /// \par Errors   404201, 412001, 409203, 400001, 400008
    ServiceResult<IndividualEnrollment> update(IndividualEnrollment enrollment, const EtagCondition& condition);
    /// \par Errors   404201, 412001, 409203
    ServiceResult<void> remove(const enrollment::RegistrationId& id, const EtagCondition& condition);
    /// One enrollment of a bulk call.
    ///
    /// \par Errors   those of create, update and remove
    ServiceResult<void> apply(BulkMode mode, const IndividualEnrollment& enrollment);

    /// \par Errors   404201
    ServiceResult<EnrollmentView> find(const enrollment::RegistrationId& id);
    /// \param continuation  of the page before; empty for the first
    /// \param most          0: as many as a page may hold
    /// \par Errors   400001 (no such continuation)
    ServiceResult<EnrollmentPage> page(const std::string& continuation, std::size_t most);

    /// \par Errors   404202
    ServiceResult<RegistrationState> registration(const enrollment::RegistrationId& id);
    /// \par Errors   404202, 412001, 409203
    ServiceResult<void> removeRegistration(const enrollment::RegistrationId& id, const EtagCondition& condition);

private:
    EnrollmentList& m_list;
    std::function<UtcTime()> m_now;
};

/// A new ETag, quotes included.
std::string newEtag();

} // namespace enroll::provisioning
