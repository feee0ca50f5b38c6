//! Choices that a seed decides.

use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// A seeded source of choices: the same seed gives the same case on every machine.
pub struct Dice(TestRng);

impl Dice {
    pub fn new(seed: u64, number: u64) -> Self {
        let mut bytes = [0; 32];
        for (byte, from) in bytes.iter_mut().zip(seed.to_le_bytes().into_iter().chain(number.to_le_bytes())) {
            *byte = from;
        }
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    /// True in so many of a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let at = self.below(from.len());
        *from.get(at).unwrap()
    }

    /// One of these, each as often as its weight says.
    pub fn weigh<T: Copy>(&mut self, from: &[(usize, T)]) -> T {
        let mut left = self.below(from.iter().map(|(weight, _)| weight).sum());
        for (weight, choice) in from {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return *choice,
            }
        }
        panic!("the weights add up")
    }

    pub fn times<T>(&mut self, from: usize, to: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = from + self.below(to - from + 1);
        (0..count).map(|_| make(self)).collect()
    }
}
