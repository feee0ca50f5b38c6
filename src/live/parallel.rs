//! Several questions at a time, but not too many.

use std::sync::Mutex;
use std::thread;

/// How many questions are asked at a time: the APIs asked here throttle at a few a second.
const AT_A_TIME: usize = 8;

/// What `ask` gives for each item, in the order of the items.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], ask: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let queue = Mutex::new(items.iter().enumerate());
    let next = || queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
    let work = || {
        let mut done = Vec::new();
        while let Some((index, item)) = next() {
            done.push((index, ask(item)));
        }
        done
    };
    let mut answers = thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_A_TIME.min(items.len())).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        let done = joined.map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        done.flatten().collect::<Vec<_>>()
    });
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn answers_come_in_order_and_few_at_a_time() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let items: Vec<usize> = (0..100).collect();
        let answers = each(&items, |item| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::yield_now();
            now.fetch_sub(1, Ordering::SeqCst);
            item * 2
        });
        assert_eq!(answers, (0..100).map(|item| item * 2).collect::<Vec<_>>());
        assert!((1..=AT_A_TIME).contains(&most.into_inner()));
        assert!(each(&Vec::<usize>::new(), |item| *item).is_empty());
    }
}
