#pragma once

#include "core/base/device_code.h"
#include "tests/app/chain/attack_bench.h"

#include <functional>

namespace enroll::test {

// The table of lies: what each is called, which responses it fits, and how a run may end that hears it.

/// What a response is for.
enum class Stage {
    Looking,    ///< read in the clear, and not believed until it was read again
    Salting,    ///< the session is made that only the TPM with this endorsement key can use
    Opening,    ///< the challenge is opened, under a policy and in the salted session
    Proving,    ///< the key from the challenge is put to use
    Confirming, ///< what was read before is read again, in the salted session
    Keeping,    ///< the device has passed, and its keys are made persistent
    Releasing,  ///< by now nothing is left to be believed
};

/// How a run may end: with a code, and the verdict that the code's own row has, or in PASS with the TPM's own key.
using Ending = std::optional<DeviceCode>;

/// The endings of the responses that it fits. The first rule that fits a response is the one that counts.
struct Rule {
    std::function<bool(Stage stage, const Exchange& honest)> fits;
    std::vector<Ending> endings;
};

struct LieRow {
    const char* name;
    Twist twist;
    std::vector<Rule> rules;
    std::function<bool(const Exchange& honest)> applies = {}; ///< empty: to every response
    TwistedLine::Command command = TwistedLine::Command::CarriedOut;
    std::optional<Stage> only = {}; ///< absent: at every stage
    Meddling meddling = {};         ///< what the line does before the command goes on, if anything
};

/// A second TPM that gives the answers of the first, one run long.
class OtherTpm {
public:
    [[nodiscard]] Bytes answer(const Bytes& command) const;
    [[nodiscard]] std::string address() const { return m_tpm.address(); }

private:
    SwtpmFixture m_tpm;
};

/// Every lie of the table.
/// \param other  answers in the place of the station's TPM; must outlive the rows
std::vector<LieRow> lieTable(const OtherTpm& other);

bool isFlush(const Exchange& exchange);
/// The stage of each of the exchanges of a run.
std::vector<Stage> stagesOf(const std::vector<Exchange>& honest);

} // namespace enroll::test
