kmem_cache_alloc:
	test $0x100,%esi
	jne L1
	mov policy_is_set(%rip),%rax
	cmpb $0x0,%fs:(%rax)
	jne L1
	mov cpu_sequences+0xc(%rip),%rdx
	lea __rseq_cs(%rip),%rcx
	mov %rcx,%fs:0x8(%rdx)
	mov %fs:0x4(%rdx),%ecx
	cmp cpu_sequences+0x34(%rip),%ecx
	jae L1
	imul cpu_sequences+0x2c(%rip),%rcx
	add cpu_sequences+0x24(%rip),%rcx
	cmpl $0x0,(%rcx)
	jne L1
	add 0x28(%rdi),%rcx
	mov (%rcx),%r8d
	sub $0x1,%r8d
	jb L1
	mov 0x10(%rcx,%r8,8),%rax
	movl $0x1,0xc(%rcx)
	mov %r8d,(%rcx)
	ret
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L1:
	xor %edx,%edx
	jmp out
kmem_cache_free:
	mov cpu_sequences+0xc(%rip),%rax
	lea __rseq_cs(%rip),%rdx
	mov %rdx,%fs:0x8(%rax)
	mov %fs:0x4(%rax),%edx
	cmp cpu_sequences+0x34(%rip),%edx
	jae L1
	imul cpu_sequences+0x2c(%rip),%rdx
	add cpu_sequences+0x24(%rip),%rdx
	cmpl $0x0,(%rdx)
	jne L1
	mov %rsi,%rcx
	sub 0x8(%rdx),%rcx
	cmp cpu_sequences+0x14(%rip),%rcx
	jae L1
	add 0x28(%rdi),%rdx
	mov (%rdx),%ecx
	cmp 0x4(%rdx),%ecx
	jae L1
	mov %rsi,0x10(%rdx,%rcx,8)
	add $0x1,%ecx
	mov %ecx,(%rdx)
	ret
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L1:
	xor %edx,%edx
	jmp out
kmalloc:
	lea -0x1(%rdi),%rax
	cmp $0x3fffff,%rax
	ja L1
	xor %edx,%edx
	test $0x11,%sil
	jne L2
L6:
	cmp $0xc0,%rdi
	ja L3
	shr $0x3,%rax
	lea .rodata(%rip),%rcx
	movzbl (%rcx,%rax,1),%eax
L5:
	add %rdx,%rax
	lea .bss(%rip),%rdx
	mov (%rdx,%rax,8),%rax
	test %rax,%rax
	je L1
	test $0x100,%esi
	jne L4
	mov policy_is_set(%rip),%rdx
	cmpb $0x0,%fs:(%rdx)
	jne L4
	mov cpu_sequences+0xc(%rip),%rdx
	lea __rseq_cs(%rip),%rdi
	mov %rdi,%fs:0x8(%rdx)
	mov %fs:0x4(%rdx),%edi
	cmp cpu_sequences+0x34(%rip),%edi
	jae L4
	imul cpu_sequences+0x2c(%rip),%rdi
	add cpu_sequences+0x24(%rip),%rdi
	cmpl $0x0,(%rdi)
	jne L4
	add 0x28(%rax),%rdi
	mov (%rdi),%r8d
	sub $0x1,%r8d
	jb L4
	mov 0x10(%rdi,%r8,8),%rcx
	movl $0x1,0xc(%rdi)
	mov %r8d,(%rdi)
	mov %rcx,%rax
	ret
	mov cpu_sequences_lost(%rip),%rdx
	add $0x1,%rdx
	mov %rdx,cpu_sequences_lost(%rip)
L4:
	xor %edx,%edx
	mov %rax,%rdi
	jmp cache_alloc_slow
L3:
	bsr %rax,%rax
	add $0x1,%eax
	jmp L5
L1:
	jmp out
L2:
	mov %esi,%edx
	and $0x1,%edx
	lea 0x1(%rdx),%rcx
	lea (%rcx,%rcx,2),%rdx
	shl $0x3,%rdx
	sub %rcx,%rdx
	jmp L6
kfree:
	mov %rdi,%rax
	sub page_map(%rip),%rax
	cmp page_map+0xc(%rip),%rax
	jae L1
	mov %rdi,%rax
	shr $0xc,%rax
	shl $0x6,%rax
	add page_map+0x1c(%rip),%rax
	mov 0x10(%rax),%rcx
	test %rcx,%rcx
	je L1
	mov %rdi,%rsi
	sub 0x18(%rax),%rsi
	mov %rsi,%rax
	cmp 0x10(%rcx),%rsi
	jae L1
	mov 0x8(%rcx),%rdx
	imul %rdx,%rax
	cmp %rdx,%rax
	jae L1
	mov cpu_sequences+0xc(%rip),%rax
	lea __rseq_cs(%rip),%rdx
	mov %rdx,%fs:0x8(%rax)
	mov %fs:0x4(%rax),%edx
	cmp cpu_sequences+0x34(%rip),%edx
	jae L2
	imul cpu_sequences+0x2c(%rip),%rdx
	add cpu_sequences+0x24(%rip),%rdx
	cmpl $0x0,(%rdx)
	jne L2
	mov %rdi,%rsi
	sub 0x8(%rdx),%rsi
	cmp cpu_sequences+0x14(%rip),%rsi
	jae L2
	add 0x28(%rcx),%rdx
	mov (%rdx),%esi
	cmp 0x4(%rdx),%esi
	jae L2
	mov %rdi,0x10(%rdx,%rsi,8)
	add $0x1,%esi
	mov %esi,(%rdx)
	ret
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L2:
	mov %rdi,%rsi
	xor %edx,%edx
	mov %rcx,%rdi
	jmp cache_free_slow
L1:
	cmp $0x10,%rdi
	ja L3
	ret
L3:
	lea .LC4(%rip),%rsi
	jmp out
kmem_cache_alloc_bulk:
	push %rbp
	mov %rsp,%rbp
	push %r15
	push %r14
	push %r13
	push %r12
	push %rbx
	sub $0x18,%rsp
	mov %esi,-0x38(%rbp)
	cmp $0x7fffffff,%rdx
	ja L1
	and $0x100,%esi
	mov %rdi,%rbx
	mov %rdx,%r12
	mov %rcx,%r14
	mov %esi,-0x34(%rbp)
	xor %r15d,%r15d
L9:
	cmp %r12,%r15
	jae L2
L8:
	mov %rbx,%rdi
	lea (%r14,%r15,8),%r13
	call cache_is_quick
	test %al,%al
	je L3
	mov -0x34(%rbp),%eax
	test %eax,%eax
	jne L3
	mov policy_is_set(%rip),%rax
	cmpb $0x0,%fs:(%rax)
	jne L3
	mov %r12,%rdx
	mov $0x40,%eax
	mov %r13,%rsi
	mov cpu_sequences+0xc(%rip),%rdi
	sub %r15,%rdx
	lea cpu_sequences(%rip),%rcx
	cmp %rax,%rdx
	cmova %rax,%rdx
	mov %rdx,%rax
	lea __rseq_cs(%rip),%r8
	mov %r8,%fs:0x8(%rdi)
	mov %fs:0x4(%rdi),%r8d
	cmp 0x38(%rcx),%r8d
	jae L4
	imul 0x30(%rcx),%r8
	add 0x28(%rcx),%r8
	cmpl $0x0,(%r8)
	jne L4
	add 0x30(%rbx),%r8
	mov (%r8),%r9d
	test %r9d,%r9d
	je L4
	cmp %eax,%r9d
	cmovb %r9d,%eax
	mov %eax,%r10d
	shr %r10d
	jae L5
	movq 0x8(%r8,%r9,8),%xmm0
	movq %xmm0,(%rsi)
	lea 0x8(%rsi),%rsi
	lea -0x1(%r9d),%r9d
	test %r10d,%r10d
L5:
	je L6
L7:
	movups (%r8,%r9,8),%xmm0
	pshufd $0x4e,%xmm0,%xmm0
	movups %xmm0,(%rsi)
	add $0x10,%rsi
	sub $0x2,%r9d
	sub $0x1,%r10d
	jne L7
L6:
	movl $0x1,0xc(%r8)
	mov %r9d,(%r8)
	test %eax,%eax
	je L4
	mov %eax,%eax
	add %rax,%r15
	cmp %r12,%r15
	jb L8
L2:
	add $0x18,%rsp
	mov %r12d,%eax
	pop %rbx
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	pop %rbp
	ret
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L4:
	mov %r13,%rsi
	mov %rbx,%rdi
	call out
	mov %eax,%edx
	add %rdx,%r15
	test %eax,%eax
	jne L9
	lea (%r14,%r15,8),%r13
L3:
	mov -0x38(%rbp),%esi
	xor %edx,%edx
	mov %rbx,%rdi
	call cache_alloc
	mov %rax,0x0(%r13)
	test %rax,%rax
	je L10
	add $0x1,%r15
	jmp L9
L10:
	mov %r14,%rdx
	mov %r15,%rsi
	mov %rbx,%rdi
	call kmem_cache_free_bulk
L1:
	add $0x18,%rsp
	xor %eax,%eax
	pop %rbx
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	pop %rbp
	ret
kmem_cache_free_bulk:
	push %rbp
	mov %rsp,%rbp
	push %r15
	mov %rsi,%r15
	push %r14
	push %r13
	push %r12
	push %rbx
	sub $0x28,%rsp
	mov %rdx,-0x48(%rbp)
	test %rdi,%rdi
	je L1
	mov %rdi,%r12
	xor %r13d,%r13d
	test %rsi,%rsi
	je L2
L5:
	mov -0x48(%rbp),%rax
	mov %r15,%r14
	mov %r12,%rdi
	sub %r13,%r14
	lea (%rax,%r13,8),%rbx
	mov %rbx,-0x40(%rbp)
	call cache_is_quick
	test %al,%al
	jne L3
L10:
	mov $0x8,%ebx
	cmp %rbx,%r14
	cmovbe %r14,%rbx
	mov %ebx,%edx
	mov %rbx,-0x38(%rbp)
	mov -0x40(%rbp),%rbx
	lea (%rbx,%rdx,8),%r14
L4:
	mov (%rbx),%rsi
	mov %r12,%rdi
	add $0x8,%rbx
	call kmem_cache_free
	cmp %r14,%rbx
	jne L4
	mov -0x38(%rbp),%rax
	add %rax,%r13
	cmp %r15,%r13
	jb L5
L2:
	add $0x28,%rsp
	pop %rbx
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	pop %rbp
	ret
L3:
	mov $0x40,%edx
	mov %rbx,%rax
	mov cpu_sequences+0xc(%rip),%rcx
	lea cpu_sequences(%rip),%r10
	cmp %rdx,%r14
	cmovbe %r14,%rdx
	mov %rdx,%rbx
	lea __rseq_cs(%rip),%rsi
	mov %rsi,%fs:0x8(%rcx)
	mov %fs:0x4(%rcx),%esi
	cmp 0x38(%r10),%esi
	jae L6
	imul 0x30(%r10),%rsi
	add 0x28(%r10),%rsi
	cmpl $0x0,(%rsi)
	jne L6
	movq 0x8(%rsi),%xmm1
	punpcklqdq %xmm1,%xmm1
	pxor %xmm2,%xmm2
	add 0x30(%r12),%rsi
	mov (%rsi),%edi
	mov 0x4(%rsi),%r8d
	sub %edi,%r8d
	jbe L6
	cmp %ebx,%r8d
	cmovb %r8d,%ebx
	mov %ebx,%r8d
	shr %r8d
	jae L7
	movq (%rax),%xmm2
	movq %xmm2,0x10(%rsi,%rdi,8)
	psubq %xmm1,%xmm2
	movq %xmm2,%xmm2
	lea 0x8(%rax),%rax
	lea 0x1(%edi),%edi
	test %r8d,%r8d
L7:
	je L8
L9:
	movups (%rax),%xmm0
	movups %xmm0,0x10(%rsi,%rdi,8)
	psubq %xmm1,%xmm0
	por %xmm0,%xmm2
	add $0x10,%rax
	add $0x2,%edi
	sub $0x1,%r8d
	jne L9
L8:
	movhlps %xmm2,%xmm0
	por %xmm2,%xmm0
	movq %xmm0,%r9
	cmp 0x18(%r10),%r9
	jae L6
	mov %edi,(%rsi)
	test %ebx,%ebx
	je L6
	mov %ebx,%eax
	mov %rax,-0x38(%rbp)
	mov -0x38(%rbp),%rax
	add %rax,%r13
	cmp %r15,%r13
	jb L5
	jmp L2
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L6:
	mov -0x40(%rbp),%rsi
	mov %r12,%rdi
	call out
	mov %eax,%eax
	mov %rax,-0x38(%rbp)
	test %rax,%rax
	je L10
	mov -0x38(%rbp),%rax
	add %rax,%r13
	cmp %r15,%r13
	jb L5
	jmp L2
L1:
	mov -0x48(%rbp),%rsi
	add $0x28,%rsp
	mov %r15,%rdi
	pop %rbx
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	pop %rbp
	jmp kfree_bulk
