#pragma once

#include "core/base/outcome.h"
#include "core/base/translatable.h"

#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace enroll {

/// Who a code speaks of; the value is the letter its text begins with.
enum class CodeFamily : char {
    Device = 'D',  ///< the device under test or its TPM: device_code.h
    Hold = 'H',    ///< a comparison with what is already enrolled: hold_code.h
    Scan = 'B',    ///< a barcode: scan_code.h
    Station = 'S', ///< the station, its files and its configuration: station_code.h
    Cloud = 'U',   ///< the destination of a record: cloud_code.h
    Service = 'P', ///< the provisioning service, its list and its files: service_code.h
};

/// Declares the enumeration of one family and `kAll<Name>s`, which lists it. LIST is a macro of rows CODE(number, name);
/// a number is never used again for something else.
#define ENROLL_CODE_ENUMERATOR(number, name) name = (number),
#define ENROLL_CODE_NUMBER(number, name) (number),
#define ENROLL_CODE_FAMILY(Name, family, LIST)                                                                         \
    enum class Name : std::uint16_t { LIST(ENROLL_CODE_ENUMERATOR) };                                                  \
    constexpr CodeFamily familyOf(Name) noexcept                                                                       \
    {                                                                                                                  \
        return family;                                                                                                 \
    }                                                                                                                  \
    inline constexpr std::array kAll##Name##s = std::to_array<std::uint16_t>({LIST(ENROLL_CODE_NUMBER)});

template <class Code>
concept CodeOfFamily = requires(Code code)
{
    {
        familyOf(code)
        } -> std::same_as<CodeFamily>;
};

/// Every refusal a person, a script or a record can meet: a family and a number. Its text ("D-118") is stable: people
/// quote it, scripts branch on it. Made from an enumerator of one of the families alone, so
/// that a new code rebuilds only what knows its family.
class ErrorCode {
public:
    template <CodeOfFamily Code>
    constexpr ErrorCode(Code code) noexcept // NOLINT(google-explicit-constructor)
        : m_family(familyOf(code)), m_number(static_cast<std::uint16_t>(code))
    {}

    [[nodiscard]] constexpr CodeFamily family() const noexcept { return m_family; }
    [[nodiscard]] constexpr std::uint16_t number() const noexcept { return m_number; }

    friend constexpr bool operator==(ErrorCode, ErrorCode) noexcept = default;
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison with zero that it generates for a pointer
    friend constexpr std::strong_ordering operator<=>(ErrorCode, ErrorCode) noexcept = default;

private:
    CodeFamily m_family;
    std::uint16_t m_number;
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

/// Where a headline takes its subject. QString::arg's mark, so that a translation can put it elsewhere.
inline constexpr std::string_view kSubjectMark = "%1";
/// Stands there when nobody knows the subject.
inline constexpr std::string_view kUnknownSubject = ENROLL_TEXT("ErrorCatalog", "another device");

/// One row of the catalog of codes. Texts are English and the source of translation: each stands inside ENROLL_TEXT, with
/// the context "ErrorCatalog". Translating happens in ui/ alone.
struct CodeDescription {
    ErrorCode code;
    std::string_view text; ///< "D-118"
    std::optional<Outcome>
        verdict; ///< what a device run ends with when this code decides it; absent for B-, U- and P- codes
    NextStep next;
    std::string_view headline;    ///< at most twelve words, a full stop; kSubjectMark stands for Error::subject
    std::string_view instruction; ///< imperative, who does what with the hands

    /// True if the headline says something of a subject: another serial number, an id.
    [[nodiscard]] constexpr bool hasSubject() const noexcept
    {
        return headline.find(kSubjectMark) != std::string_view::npos;
    }
};

/// The description of a code. Total: every enumerator of every family has a row.
const CodeDescription& describe(ErrorCode code) noexcept;

/// What is done with a device when a run has ended.
struct Instruction {
    NextStep next;
    std::string_view text; ///< English, inside ENROLL_TEXT as the catalog's are
};
/// What is done with a device whose run \p code decided as \p outcome: what the catalog says, unless a profile made something
/// else of a finding than the code's verdict. Then hands follow the outcome: nothing that is held goes to the RED bin, and
/// nothing that failed to the HOLD shelf.
Instruction instructionFor(ErrorCode code, Outcome outcome) noexcept;

/// The code whose text is \p text ("D-118"), if this version has it.
std::optional<ErrorCode> errorCodeFromText(std::string_view text) noexcept;

/// Every row, family by family, each in the order of its numbers.
const std::vector<CodeDescription>& allCodes();

} // namespace enroll
