#pragma once

#include "core/base/assert.h"
#include "core/base/error.h"

#include <concepts>
#include <optional>
#include <utility>
#include <variant>

namespace enroll {

/// A value, or the error that says why there is none. E is Error, or the refusal of a protocol's own side.
///
/// Stands in for std::expected (C++23). Asking for the side that is absent is a programmer error and asserts.
template <class T, class E = Error>
class [[nodiscard]] Result {
public:
    using ValueType = T;
    using ErrorType = E;

    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {} // NOLINT(google-explicit-constructor)
    Result(E error) : m_state(std::in_place_index<1>, std::move(error)) {} // NOLINT(google-explicit-constructor)
    /// From another kind of error that E can be made from, so that TRY passes between layers.
    template <class F>
    requires(!std::same_as<F, E> && !std::convertible_to<F, T> && std::constructible_from<E, const F&>)
        Result(const F& error)
        : m_state(std::in_place_index<1>, E(error)) // NOLINT(google-explicit-constructor)
    {}

    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    const T& value() const& { return *checked(std::get_if<0>(&m_state)); }
    T& value() & { return *checked(std::get_if<0>(&m_state)); }
    T value() && { return std::move(*checked(std::get_if<0>(&m_state))); }
    const T& operator*() const& { return value(); }
    const T* operator->() const { return &value(); }

    const E& error() const& { return *checked(std::get_if<1>(&m_state)); }
    E error() && { return std::move(*checked(std::get_if<1>(&m_state))); }

private:
    template <class P>
    static P* checked(P* side) noexcept
    {
        ENROLL_ASSERT(side != nullptr, "the side of the Result that is asked for is there");
        return side;
    }

    std::variant<T, E> m_state;
};

/// Success without a value, or the error.
template <class E>
class [[nodiscard]] Result<void, E> {
public:
    using ValueType = void;
    using ErrorType = E;

    Result() = default;
    Result(E error) : m_error(std::move(error)) {} // NOLINT(google-explicit-constructor)
    template <class F>
    requires(!std::same_as<F, E> && std::constructible_from<E, const F&>) Result(const F& error)
        : m_error(E(error)) // NOLINT(google-explicit-constructor)
    {}

    [[nodiscard]] bool ok() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return ok(); }
    void value() const noexcept { ENROLL_ASSERT(ok(), "a Result whose success is taken for granted succeeded"); }

    const E& error() const&
    {
        ENROLL_ASSERT(!ok(), "a Result that is asked for its error has one");
        return *m_error;
    }
    E error() &&
    {
        ENROLL_ASSERT(!ok(), "a Result that is asked for its error has one");
        return std::move(*m_error);
    }

private:
    std::optional<E> m_error;
};

} // namespace enroll

#define ENROLL_JOIN_(a, b) a##b
#define ENROLL_JOIN(a, b) ENROLL_JOIN_(a, b)
#define ENROLL_TRY_ASSIGN_(name, declaration, expression)                                                              \
    auto name = expression;                                                                                            \
    if (!name.ok()) {                                                                                                  \
        return std::move(name).error();                                                                                \
    }                                                                                                                  \
    declaration = std::move(name).value()
#define ENROLL_TRY_(name, expression)                                                                                  \
    do {                                                                                                               \
        if (auto name = expression; !name.ok()) {                                                                      \
            return std::move(name).error();                                                                            \
        }                                                                                                              \
    } while (false)

/// Returns the error of a Result from the enclosing function, if it has one: `TRY(steps.begin(step));`
#define TRY(...) ENROLL_TRY_(ENROLL_JOIN(tryResult, __COUNTER__), (__VA_ARGS__))

/// Takes the value of a Result, or returns its error from the enclosing function:
/// `TRY_ASSIGN(const auto key, readKey(tpm));`. Two statements: it stands in a block, never alone behind an `if`.
#define TRY_ASSIGN(declaration, ...) ENROLL_TRY_ASSIGN_(ENROLL_JOIN(tryResult, __COUNTER__), declaration, (__VA_ARGS__))
