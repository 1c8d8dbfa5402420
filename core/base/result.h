#pragma once

#include "core/base/error.h"

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

namespace enroll {

/// A value, or the Error that says why there is none.
///
/// Stands in for std::expected (C++23). Asking for the side that is absent is a programmer error and asserts.
template <class T>
class [[nodiscard]] Result {
public:
    using ValueType = T;

    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}     // NOLINT(google-explicit-constructor)
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {} // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    const T& value() const& { return *checked(std::get_if<0>(&m_state)); }
    T& value() & { return *checked(std::get_if<0>(&m_state)); }
    T value() && { return std::move(*checked(std::get_if<0>(&m_state))); }
    const T& operator*() const& { return value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const& { return *checked(std::get_if<1>(&m_state)); }
    Error error() && { return std::move(*checked(std::get_if<1>(&m_state))); }

private:
    template <class P>
    static P* checked(P* side) noexcept
    {
        assert(side != nullptr);
        return side;
    }

    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    using ValueType = void;

    Result() = default;
    Result(Error error) : m_error(std::move(error)) {} // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return ok(); }
    void value() const noexcept { assert(ok()); }

    const Error& error() const& { return *m_error; }
    Error error() && { return std::move(*m_error); }

private:
    std::optional<Error> m_error;
};

} // namespace enroll

#define ENROLL_JOIN_(a, b) a##b
#define ENROLL_JOIN(a, b) ENROLL_JOIN_(a, b)
#define ENROLL_TRY_(expression, name)                                                                                  \
    __extension__({                                                                                                    \
        auto name = (expression);                                                                                      \
        if (!name.ok()) {                                                                                              \
            return std::move(name).error();                                                                            \
        }                                                                                                              \
        std::move(name).value();                                                                                       \
    })

/// The value of a Result, or return its Error from the enclosing function: `const auto key = TRY(readKey(tpm));`
/// Not behind another element of a braced or argument list: compilers do not destroy what stands before it.
#define TRY(expression) ENROLL_TRY_(expression, ENROLL_JOIN(tryResult, __COUNTER__))
