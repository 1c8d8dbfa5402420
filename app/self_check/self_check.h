#pragma once

#include "app/self_check/specimens.h"
#include "core/enrollment/self_check.h"

#include <filesystem>
#include <stop_token>
#include <vector>

namespace enroll::app::self_check {

/// One specimen's run, and whether it went as it must.
struct SpecimenRun {
    Specimen specimen = Specimen::Good;
    enrollment::AttestationRun run;
    bool asExpected = false;
};

struct SelfCheck {
    enrollment::SelfCheckStamp stamp;
    std::vector<SpecimenRun> runs;
};

/// What is checked, and where its software TPMs lie.
struct SelfCheckOrder {
    enrollment::StationId stationId;
    enrollment::ProductProfile profile;
    enrollment::SoftwareStamp software;
    std::filesystem::path directory; ///< of the software TPMs and their authorities; made if absent, used again
};

/// Proves that the station passes a good device and refuses bad ones, on software TPMs with authorities of their own, by the
/// code that tests devices and by \p order's profile. The profile is changed only where software TPMs differ from chips: they
/// are allowed, whatever makers, firmware, transports and ship state it names, and their key is the TCG's default one. A
/// device of an unknown issuer is a specimen only where the profile requires a trusted certificate.
///
/// Nothing is recorded, and no authority of the station's is touched. Blocks for seconds, the first time for more; call it on
/// a thread that lives as long. Each wait has a deadline; \p stop ends it early.
/// \par Errors   S-321, S-399 (a software TPM cannot be started), S-333, D-141 (stopped): nothing is known then
Result<SelfCheck> checkStation(const SelfCheckOrder& order, const std::stop_token& stop);

/// checkStation() in the folder "self-check" of \p dataDirectory, and what it came to is kept there: db/self_check. One that
/// did not pass is returned even if it cannot be kept; why not is logged, and the one before is not kept either. Errors as checkStation(), S-333 (it passed, and
/// cannot be kept).
Result<SelfCheck> checkAndKeep(const std::filesystem::path& dataDirectory, SelfCheckOrder order,
                               const std::stop_token& stop);

} // namespace enroll::app::self_check
