#pragma once

namespace enroll {

/// Several lambdas as one visitor: `std::visit(Overloaded{[](A) { … }, [](B) { … }}, variant)`. An alternative that no
/// lambda takes does not compile.
template <class... Lambdas>
struct Overloaded : Lambdas... {
    using Lambdas::operator()...;
};
template <class... Lambdas>
Overloaded(Lambdas...) -> Overloaded<Lambdas...>;

} // namespace enroll
