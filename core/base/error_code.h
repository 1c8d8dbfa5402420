#pragma once

#include "core/base/outcome.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace enroll {

/// Every refusal a person, a script or a record can meet. The text of a code ("D-118") is stable: people quote it,
/// scripts branch on it, the help page is found by it. D device, H hold by comparison, B barcode, S station, U cloud.
enum class ErrorCode : std::uint16_t {
    NoTpmAnswers,            // D-101
    TpmTimedOut,             // D-102
    TpmResponseMalformed,    // D-103
    TpmSelfTestFailed,       // D-104
    TpmResponseTruncated,    // D-105
    TpmResponseOversized,    // D-106
    TpmStaysBusy,            // D-108
    TpmRefusedCommand,       // D-109
    TpmResourcesExhausted,   // D-111
    TpmHierarchyLocked,      // D-112
    EndorsementKeyUnusable,  // D-113
    StorageRootKeyUnusable,  // D-114
    TpmLockedOut,            // D-118
    EkCertificateInvalid,    // D-120
    EkCertificateMissing,    // D-121
    EkCertificateUntrusted,  // D-122
    EkCertificateWrongKey,   // D-123
    EkCertificateMalformed,  // D-124
    EkCertificateExpired,    // D-125
    SoftwareTpmRefused,      // D-126
    FirmwareBlocked,         // D-127
    WeakKey,                 // D-128
    ManufacturerNotAllowed,  // D-129
    AttestationWrong,        // D-130
    ActivationRefused,       // D-131
    DeviceRemoved,           // D-140
    Cancelled,               // D-141
    EkEnrolledElsewhere,     // H-201
    SerialHasOtherEk,        // H-202
    NotASerialNumber,        // B-601
    SerialAlreadyInSlot,     // B-602
    NoFreeSlot,              // B-604
    JournalCannotSave,       // S-301
    JournalBusy,             // S-302
    JournalAltered,          // S-303
    StationCannotReachPort,  // S-321
    ConfigurationInvalid,    // S-330
    UsageInvalid,            // S-331
    InputInvalid,            // S-332
    CryptoFailed,            // S-340
    InternalFault,           // S-399
    CloudRefusedRequest,     // U-400
    CloudRefusedSignIn,      // U-401
    CloudForbids,            // U-403
    CloudDoesNotKnowId,      // U-404
    CloudHasOtherKey,        // U-409
    CloudEkDiffers,          // U-411
    CloudEnrollmentDisabled, // U-412
    CloudRefusedSignature,   // U-413
    CloudUnknownIdScope,     // U-414
    CloudProvisioningFailed, // U-415
    CloudBusy,               // U-429
    CloudCertificateInvalid, // U-495
    CloudFault,              // U-500
    CloudAnswerMalformed,    // U-502
    CloudUnreachable,        // U-503
    CloudTimedOut,           // U-504
};

/// Who does what with the hands. The instruction text is in the catalog; this is for callers that branch.
enum class NextStep {
    Nothing,
    TestAgain,
    ReseatDevice,
    RedBin,
    HoldShelf,
    WaitAndRetry,
    ScanAgain,
    CorrectInput,
    CallQuality,
    CallTechnician,
    CallIt,
};

/// One row of the catalog of codes. Texts are English and the source of translation; translating happens in ui/ alone.
struct CodeDescription {
    ErrorCode code;
    std::string_view text; ///< "D-118"
    std::optional<Outcome>
        verdict; ///< what a device run ends with when this code decides it; absent for B- and U- codes
    NextStep next;
    std::string_view headline;    ///< at most twelve words, a full stop; "{}" stands for Error::subject
    std::string_view instruction; ///< imperative, who does what with the hands
};

/// The description of a code. Total: every enumerator has a row.
const CodeDescription& describe(ErrorCode code) noexcept;

/// The code whose text is \p text ("D-118"), if there is one.
std::optional<ErrorCode> errorCodeFromText(std::string_view text) noexcept;

/// Every row, in the order of the enumeration.
std::span<const CodeDescription> allCodes() noexcept;

} // namespace enroll
